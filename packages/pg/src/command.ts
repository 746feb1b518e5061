/** `databases-pg`, as bin/databases-pg.js starts it: hands this process to a command line and back. */
import {runCommand} from './doctor';
import {machineSources} from './machine-sources';
import {openPool} from './pool-engine';
import {watch} from './watch';

const CONTROL_C = '\u0003';
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Gives the exit code. */
export function main(args: readonly string[]): Promise<number> {
  return args.find((text) => !text.startsWith('-')) === 'watch' ? runWatch(args) : runDoctor(args);
}

async function runDoctor(args: readonly string[]): Promise<number> {
  const {exitCode, output, complaint} = await runCommand(args, {
    sources: machineSources(),
    now: () => performance.now(),
    colours: showsColours(),
  });
  process.stdout.write(output);
  if (complaint !== undefined) process.stderr.write(complaint);
  return exitCode;
}

async function runWatch(args: readonly string[]): Promise<number> {
  const {stdin, stdout, stderr, env} = process;
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of SIGNALS) process.once(signal, end);
  // Whoever read this has gone: `databases-pg watch | head`.
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
      colours: showsColours(),
      complain: (text) => void stderr.write(text),
      signal: ending.signal,
      openPool: (connectionString) =>
        openPool({
          ...(connectionString === undefined ? {} : {connectionString}),
          poolSize: 1,
          queryTimeoutMilliseconds: 5000,
          queueTimeoutMilliseconds: 5000,
          // What fails is told in the picture.
          onError: () => undefined,
        }),
    });
  } finally {
    if (hasKeys) stdin.setRawMode(false).off('data', hear).pause();
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

/** https://no-color.org */
function showsColours(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
}
