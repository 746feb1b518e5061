/**
 * Puts one client through one fault, in a process of its own: `trial.process.js <fault> <client>`, with the place of
 * the server in TRIAL_URL. Says what came of it in one line of JSON.
 */
import {writeSync} from 'node:fs';
import {CLIENTS, FAULTS, isClientName} from './catalog';

async function main(): Promise<void> {
  const [, , faultName, clientName] = process.argv;
  const fault = FAULTS.find(({name}) => name === faultName);
  const url = process.env['TRIAL_URL'];
  if (fault === undefined || !isClientName(clientName) || url === undefined) {
    throw new Error('usage: TRIAL_URL=... node trial.process.js <fault> <client>');
  }
  const {hostname: host, port} = new URL(url);
  const outcome = await fault.run(CLIENTS[clientName], {url, host, port: Number(port)});
  // At once: the process may not live long after this.
  writeSync(1, `${JSON.stringify(outcome)}\n`);
  if (outcome !== 'exit') process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(70);
});
