/** The pool of a program, as its `db.inspector()` tells: asks it by HTTP, and makes a picture of the answer. */
import type {FailureStats, LaneStats, PoolStats, StatementStats, WaiterStats} from '../client';
import {ConnectionError} from '../errors';
import type {Picture, Source} from './picture';
import {FAINT, RED, printable, renderDuration, renderTable} from './terminal-table';
import type {Column, TerminalStyle} from './terminal-table';

const PATIENCE_MILLISECONDS = 5000;
/** Of the longest lists, so that the end of the picture is seen. */
const MOST_ROWS = 20;

const LANES: readonly Column<LaneStats>[] = [
  {title: 'PID', align: 'right', cell: ({processId}) => processId},
  {title: 'IS', cell: isFor},
  {
    title: 'FOR',
    align: 'right',
    cell: ({running, lease}) => renderDuration(running?.milliseconds ?? lease?.heldMilliseconds),
  },
  {title: 'IN FLIGHT', align: 'right', cell: ({inFlight}) => inFlight},
  {title: 'AGE', align: 'right', cell: ({ageMilliseconds}) => renderDuration(ageMilliseconds)},
  {
    title: 'RUNS',
    cell: ({running, lease}) => running?.text ?? {text: lease?.work ?? '', colour: FAINT},
  },
];
const WAITERS: readonly Column<WaiterStats>[] = [
  {title: 'WAITS FOR', align: 'right', cell: (waiter) => renderDuration(waiter.waitedMilliseconds)},
  {title: 'WHAT', cell: ({purpose}) => purpose},
  {title: 'STATEMENT OR PLACE', cell: ({text, site}) => text ?? site?.split('\n')[0]?.trim()},
];
const FAILURES: readonly Column<FailureStats>[] = [
  {title: 'AGO', align: 'right', cell: ({ageMilliseconds}) => renderDuration(ageMilliseconds)},
  {title: 'TIMES', align: 'right', cell: ({count}) => count},
  {title: 'CODE', cell: ({code}) => ({text: code, colour: RED})},
  {
    title: 'FAILURE',
    cell: ({message, text}) => (text === undefined ? message : `${message}: ${text}`),
  },
];
const STATEMENTS: readonly Column<StatementStats>[] = [
  {
    title: 'TOTAL',
    align: 'right',
    cell: (statement) => renderDuration(statement.totalMilliseconds),
  },
  {title: 'MEAN', align: 'right', cell: (statement) => renderDuration(statement.meanMilliseconds)},
  {
    title: 'LONGEST',
    align: 'right',
    cell: (statement) => renderDuration(statement.longestMilliseconds),
  },
  {title: 'TIMES', align: 'right', cell: ({count}) => count},
  {title: 'STATEMENT', cell: ({text}) => text.slice(0, 500)},
];

/** @param address Where the page is. A user and password in it go into the header of Basic authentication. */
export function programSource(address: string): Source {
  // Its own error has the url, and so perhaps a password, in a field.
  if (!URL.canParse(address)) throw notSeen('the url cannot be read');
  const url = new URL(address);
  const {username, password} = url;
  const headers: Record<string, string> = {};
  if (username !== '' || password !== '') {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  url.pathname = `${url.pathname.replace(/\/(?:stats\.json)?$/, '')}/stats.json`;
  return {
    look: async () => programPicture(await ask(url, headers)),
    close: () => Promise.resolve(),
  };
}

async function ask(url: URL, headers: Record<string, string>): Promise<PoolStats> {
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    response = await fetch(url, {headers, signal, redirect: 'error'});
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw notSeen(`nothing answers at ${url.origin} (${String(cause)})`);
  }
  const text = await response.text();
  if (!response.ok)
    throw notSeen(`${url.origin} answers ${response.status}: ${text.slice(0, 300).trim()}`);
  let stats: unknown;
  try {
    stats = JSON.parse(text);
  } catch {
    stats = undefined;
  }
  if (!isPoolStats(stats))
    throw notSeen(`what answers at ${url.href} is no db.inspector() of this version`);
  return stats;
}

function notSeen(why: string): ConnectionError {
  return new ConnectionError(`The program cannot be watched: ${printable(why)}.`, {
    code: 'PG_CONNECT_FAILED',
  });
}

/** Only what would make a picture fail is looked at. */
function isPoolStats(value: unknown): value is PoolStats {
  if (typeof value !== 'object' || value === null) return false;
  const lists = ['lanes', 'waiters', 'failures', 'statements'];
  return (
    lists.every((name) => isListOfObjects(Reflect.get(value, name))) &&
    typeof Reflect.get(value, 'totals') === 'object'
  );
}

function isListOfObjects(list: unknown): boolean {
  return Array.isArray(list) && list.every((each) => typeof each === 'object' && each !== null);
}

export function programPicture(stats: PoolStats): Picture {
  const {
    name,
    serverAddress,
    serverPort,
    database,
    total,
    max,
    idle,
    busy,
    leased,
    connecting,
    waiting,
    totals,
  } = stats;
  const tables = (style: TerminalStyle) => [
    renderTable(LANES, stats.lanes.slice(0, MOST_ROWS), style),
    renderTable(WAITERS, stats.waiters.slice(0, MOST_ROWS), style),
    renderTable(FAILURES, stats.failures.slice(0, MOST_ROWS), style),
    renderTable(STATEMENTS, stats.statements.slice(0, MOST_ROWS), style),
  ];
  return {
    data: stats,
    render: (style) => [
      printable(`${name} on ${serverAddress}:${serverPort}/${database}`),
      printable(
        `${total} of ${max} connections: ${idle} idle, ${busy} busy, ${leased} leased, ${connecting} connecting; ${waiting} wait; ${totals.queries} queries, ${totals.queueTimeouts} timeouts`,
      ),
      ...tables(style).flatMap((lines) => (lines.length === 0 ? [] : ['', ...lines])),
    ],
  };
}

function isFor({phase, lease}: LaneStats): string {
  return lease?.purpose ?? phase;
}
