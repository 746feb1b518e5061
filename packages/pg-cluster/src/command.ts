/** `pg-cluster`, as bin/pg-cluster.js starts it: hands this process to the command line and back. */
import {watch} from './watch/watch';

const CONTROL_C = '\u0003';

/** Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const {stdin, stdout, stderr, env} = process;
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  // Whoever read this has gone: `pg-cluster watch | head`.
  stdout.on('error', end);
  const isTerminal = stdout.isTTY && env['TERM'] !== 'dumb';
  const hasKeys = isTerminal && stdin.isTTY;
  const hear = (keys: Buffer) => {
    if (keys.includes('q') || keys.includes(CONTROL_C)) end();
  };
  if (hasKeys) stdin.setRawMode(true).on('data', hear);
  try {
    return await watch(args, {
      output: stdout,
      isTerminal,
      // https://no-color.org
      colours: stdout.isTTY && (env['NO_COLOR'] ?? '') === '',
      complain: (text) => void stderr.write(text),
      signal: ending.signal,
      now: () => new Date(),
    });
  } finally {
    if (hasKeys) stdin.setRawMode(false).off('data', hear).pause();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
}
