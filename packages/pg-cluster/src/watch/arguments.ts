/** Reads the command line of `pg-cluster`. Pure. */
import {parseArgs} from 'node:util';

export interface WatchRequest {
  readonly help: boolean;
  readonly once: boolean;
  readonly json: boolean;
  readonly texts: readonly string[];
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly intervalMilliseconds: number;
  readonly maxLagMilliseconds: number;
}

export const HELP = `Shows the nodes of a cluster as the cluster of a program sees them.

  npx @databases/pg-cluster watch [host:port ... | connection string] [options]

Without hosts it takes those of DATABASE_URL, else of PGHOST. A connection string may name several hosts.

  --once               one picture, then the end. Exit code 0: there is a primary
  --json               a picture is a line of JSON
  --user <name>        the role, where the connection string names none
  --database <name>    the database
  --interval <ms>      how often there is a picture (default 1000)
  --max-lag <ms>       a replica that is further behind would get no reads (default 1000)
  --help               this text

On a terminal, q ends it. It runs nothing but SELECTs on statistics, on two connections per node. A role with
pg_monitor sees what all clients do.
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
        user: {type: 'string'},
        database: {type: 'string'},
        interval: {type: 'string'},
        'max-lag': {type: 'string'},
      },
    });
  } catch {
    return 'An option is not known, or lacks its value.';
  }
  const {values, positionals} = parsed;
  const [command, ...texts] = positionals;
  const help = values.help === true || command === 'help';
  if (!help && command !== 'watch') return 'The command is: watch.';
  const interval = readMilliseconds(values.interval ?? '1000');
  const maxLag = readMilliseconds(values['max-lag'] ?? '1000');
  if (interval === undefined || maxLag === undefined) {
    return '--interval and --max-lag take whole milliseconds from 1 to 999999.';
  }
  return {
    help,
    once: values.once === true,
    json: values.json === true,
    texts,
    user: values.user,
    database: values.database,
    intervalMilliseconds: interval,
    maxLagMilliseconds: maxLag,
  };
}

function readMilliseconds(text: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
