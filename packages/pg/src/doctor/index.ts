/** `databases-pg doctor`: says at which step a connection fails, why, and what to change. */
export {runCommand} from './command-line';
