/**
 * What watching costs a query: its CPU with nobody on the diagnostics channels, and with somebody on all of them who
 * does nothing. The server is in this process and does next to nothing (answering-socket.ts).
 *
 *     node bench/dist/micro/watched.js                                  both, in turns, and the guard by itself
 *     node bench/dist/micro/watched.js --against ../other          the query nobody watches, there and here
 *     node bench/dist/micro/watched.js --against ../other --watched  the one that somebody watches
 *
 * CPU time of fresh processes, in pairs. It says nothing about peers, and shares of a real query are smaller.
 */
import {execFileSync} from 'node:child_process';
import {tracingChannel} from 'node:diagnostics_channel';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import createConnectionPool, {sql} from '@databases/pg';
import {watchEverything} from '../watch-everything';
import {AnsweringSocket} from './answering-socket';

const pairs = 7;
const batches = 8;
const queriesPerBatch = 10_000;
const inFlight = 50;
const connections = 4;
const root = join(__dirname, '../../..');

function openPool() {
  const db = createConnectionPool({
    connectionString: 'postgres://user@localhost/database',
    poolSize: connections,
    ssl: false,
    socket: () => Promise.resolve(new AnsweringSocket()),
  });
  return {db, one: (id: number) => db.query(sql`SELECT name FROM item WHERE id = ${id}`)};
}

/** CPU µs of a query: the least of the batches, the first of which warm up. */
async function measure(): Promise<number> {
  const {db, one} = openPool();
  const batch = async () => {
    let left = queriesPerBatch;
    const loop = async () => {
      while (left-- > 0) {
        const rows = await one(left);
        if (rows.length !== 1) throw new Error('a row is missing');
      }
    };
    const before = process.cpuUsage();
    await Promise.all(Array.from({length: inFlight}, loop));
    const {user, system} = process.cpuUsage(before);
    return (user + system) / queriesPerBatch;
  };
  let least = Infinity;
  for (let count = 0; count < batches; count++) least = Math.min(least, await batch());
  await db.dispose();
  return least;
}

/** CPU ns of the one question that a query asks where nobody listens. */
function measureGuard(): number {
  const channel = tracingChannel('@databases/pg:query');
  const asked = 50_000_000;
  let yes = 0;
  const before = process.cpuUsage();
  for (let count = 0; count < asked; count++) if (channel.hasSubscribers) yes++;
  const {user, system} = process.cpuUsage(before);
  if (yes !== 0) throw new Error('somebody listens');
  return ((user + system) * 1000) / asked;
}

function measureIn(worktree: string, watched: boolean): number {
  const script = join(worktree, 'bench/dist/micro/watched.js');
  const parameters = [script, '--one', ...(watched ? ['--watched'] : [])];
  return Number(execFileSync(process.execPath, parameters, {encoding: 'utf8'}));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function compare(first: () => number, second: () => number): string {
  const rounds = Array.from({length: pairs}, (_, round) => {
    if (round % 2 === 0) return [first(), second()];
    const after = second();
    return [first(), after];
  });
  const ratios = rounds.map(([before = NaN, after = NaN]) => after / before);
  const of = (place: number) => median(rounds.map((round) => round[place] ?? NaN)).toFixed(2);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)];
  return `${of(0)} µs, ${of(1)} µs: ${median(ratios).toFixed(2)} (${least.toFixed(2)}–${greatest.toFixed(2)})`;
}

async function main(): Promise<void> {
  const {one, against, watched} = parseArgs({
    options: {one: {type: 'boolean'}, against: {type: 'string'}, watched: {type: 'boolean'}},
  }).values;
  if (one === true) {
    if (watched === true) watchEverything();
    console.log((await measure()).toFixed(3));
    return;
  }
  if (against === undefined) console.log(`the guard: ${measureGuard().toFixed(1)} ns`);
  const [first, second] = against === undefined ? [root, root] : [against, root];
  const figures = compare(
    () => measureIn(first, against !== undefined && watched === true),
    () => measureIn(second, against === undefined || watched === true),
  );
  console.log(`${against === undefined ? 'nobody, somebody' : 'there, here'}: ${figures}`);
}

void main();
