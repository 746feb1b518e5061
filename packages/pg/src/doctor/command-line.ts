/** The command line of `databases-pg`: arguments in, text and an exit code out. Touches no process itself. */
import {parseArgs} from 'node:util';
import type {ConfigSources} from '../config';
import {examine} from './examine';
import {renderJson} from './render-json';
import {renderText} from './render-text';

export interface CommandEnvironment {
  readonly sources: ConfigSources;
  readonly now: () => number;
  /** Whether the output is a terminal that shows colours. */
  readonly colours: boolean;
}

export interface CommandOutcome {
  readonly exitCode: 0 | 1;
  readonly output: string;
  /** For the error stream: why the command line cannot be understood. */
  readonly complaint?: string;
}

const COMMANDS = `  npx @databases/pg doctor [url]   finds out why a connection fails, and what to change
  npx @databases/pg watch [url]    shows what connections do, live

--help behind either says more.
`;

export const HELP = `Finds out why a connection to Postgres fails, and what to change.

  npx @databases/pg doctor [url] [options]

Without a url it takes what createConnectionPool() would: DATABASE_URL, else the PG* variables.

  --json            the report for programs
  --pool-size <n>   how many connections a pool may open (default: as configured, else 10)
  --processes <n>   how many processes with such a pool there are (default: 1)
  --help            this text

The other command, npx @databases/pg watch, shows what connections do, live.

Exit code 0: a connection works. 1: it does not, or the command cannot be understood.
`;

/** Rejects only for a bug. */
export async function runCommand(
  args: readonly string[],
  {sources, now, colours}: CommandEnvironment,
): Promise<CommandOutcome> {
  const request = readArguments(args);
  if (typeof request === 'string')
    return {exitCode: 1, output: '', complaint: `${request}\n\n${COMMANDS}`};
  if (request.help) return {exitCode: 0, output: request.command === 'doctor' ? HELP : COMMANDS};
  const report = await examine({...request, sources, now});
  return {
    exitCode: report.ok ? 0 : 1,
    output: request.json ? renderJson(report) : renderText(report, {colours}),
  };
}

interface Request {
  /** Undefined: none was named, and it is help that is asked for. */
  readonly command: 'doctor' | undefined;
  readonly help: boolean;
  readonly json: boolean;
  readonly connectionString: string | undefined;
  readonly poolSize: number | undefined;
  readonly processes: number;
}

/** A text is what is wrong. It never repeats an argument: one may be a connection string with its password. */
function readArguments(args: readonly string[]): Request | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: {type: 'boolean'},
        help: {type: 'boolean', short: 'h'},
        'pool-size': {type: 'string'},
        processes: {type: 'string'},
      },
    });
  } catch {
    return 'An option is not known, or lacks its value.';
  }
  const {values, positionals} = parsed;
  const [command, connectionString, ...rest] = positionals;
  const isHelp = values.help === true || command === 'help';
  if (command === undefined && !isHelp) return 'Which command?';
  if (command !== undefined && command !== 'doctor' && command !== 'help')
    return 'There is no such command.';
  if (rest.length > 0) return 'There is one argument too many; put the url into quotes.';
  const poolSize = readCount(values['pool-size']);
  const processes = readCount(values.processes);
  if (poolSize === null || processes === null) {
    return '--pool-size and --processes take whole numbers from 1 to 1000000.';
  }
  return {
    command: command === 'doctor' ? command : undefined,
    help: isHelp,
    json: values.json === true,
    connectionString,
    poolSize,
    processes: processes ?? 1,
  };
}

/** Null: it is no count. */
function readCount(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,6}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : null;
}
