/** `databases-pg watch`: shows what connections do, of a program or of a server. */
export {watch} from './watch';
