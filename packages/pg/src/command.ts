/** `databases-pg`, as bin/databases-pg.js starts it: hands this process to the command line and back. */
import {runCommand} from './doctor';
import {machineSources} from './machine-sources';

/** Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const {exitCode, output, complaint} = await runCommand(args, {
    sources: machineSources(),
    now: () => performance.now(),
    // https://no-color.org
    colours: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  });
  process.stdout.write(output);
  if (complaint !== undefined) process.stderr.write(complaint);
  return exitCode;
}
