/** Reads the command line of `databases-pg watch`. Pure. */
import {parseArgs} from 'node:util';

export interface WatchRequest {
  readonly help: boolean;
  readonly once: boolean;
  readonly json: boolean;
  /** A connection string, or where the inspector of a program is. Undefined: what the environment says. */
  readonly target: string | undefined;
  readonly intervalMilliseconds: number;
}

export const HELP = `Shows what connections do, live: of a program, or of a server.

  npx @databases/pg watch [http://127.0.0.1:port | connection string] [options]

With http:// it shows the pool of a program that serves db.inspector() there. With a connection string (default:
DATABASE_URL, else the PG* variables) it shows all sessions of that database, and who waits for whom.

  --once            one picture, then the end. Exit code 0: there was one
  --json            a picture is a line of JSON
  --interval <ms>   how often there is a picture (default 1000)
  --help            this text

On a terminal, q ends it. On the server it runs one SELECT on statistics per picture; what other roles run is shown to
members of pg_read_all_stats only.
`;

/** A text is what is wrong. It never repeats an argument: one may be a connection string with its password. */
export function readArguments(args: readonly string[]): WatchRequest | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: {type: 'boolean'},
        json: {type: 'boolean'},
        help: {type: 'boolean', short: 'h'},
        interval: {type: 'string'},
      },
    });
  } catch {
    return 'An option is not known, or lacks its value.';
  }
  const {values, positionals} = parsed;
  const [command, target, ...rest] = positionals;
  if (command !== 'watch') return 'The command is: watch.';
  if (rest.length > 0) return 'There is one argument too many; put the url into quotes.';
  const interval = values.interval ?? '1000';
  if (!/^[1-9]\d{0,5}$/.test(interval)) {
    return '--interval takes whole milliseconds from 1 to 999999.';
  }
  return {
    help: values.help === true,
    once: values.once === true,
    json: values.json === true,
    target,
    intervalMilliseconds: Number(interval),
  };
}
