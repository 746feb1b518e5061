/**
 * A program by itself: what a cluster costs the client beside a plain pool, as CPU per call, the median of the ratios of
 * rounds in turn (docs/design/performance/cluster.md). No test: the test runner's hooks make each promise dearer.
 */
import {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import {poolOf, until} from '../support/replicated';
import {postgresVersion} from '../support/server';

const ROUNDS = 9;
const AT_A_TIME = [1, 16, 100];

type Call = (db: Queryable, index: number) => Promise<unknown>;

interface Cost {
  readonly cpu: number;
  readonly time: number;
}

const read: Call = (db, index) => db.query(sql`SELECT name FROM points WHERE id = ${index % 1000}`);
const write: Call = (db, index) => db.query(sql`INSERT INTO notes VALUES (${index})`);
const pair: Call = async (db, index) => {
  await write(db, index);
  await read(db, index);
};

async function costOf(db: Queryable, call: Call, calls: number, atATime: number): Promise<Cost> {
  const start = performance.now();
  const before = process.cpuUsage();
  let next = 0;
  const worker = async () => {
    while (next < calls) await call(db, next++);
  };
  await Promise.all(Array.from({length: atATime}, worker));
  const {system, user} = process.cpuUsage(before);
  return {cpu: system + user, time: performance.now() - start};
}

function median(values: readonly number[]): string | undefined {
  return values.toSorted((a, b) => a - b)[ROUNDS >> 1]?.toFixed(2);
}

async function ratioOf(plain: Queryable, other: Queryable, call: Call, atATime: number) {
  const ratios: Cost[] = [];
  const calls = atATime === 1 ? 1500 : 4000;
  for (let round = 0; round <= ROUNDS; round++) {
    const order = round % 2 === 0 ? [plain, other] : [other, plain];
    const costs = new Map<Queryable, Cost>();
    for (const db of order) costs.set(db, await costOf(db, call, calls, atATime));
    const [mine, its] = [costs.get(other), costs.get(plain)];
    if (mine === undefined || its === undefined) throw new Error('both were measured');
    // The first warms up.
    if (round > 0) ratios.push({cpu: mine.cpu / its.cpu, time: mine.time / its.time});
  }
  return `${median(ratios.map(({cpu}) => cpu))} (time ${median(ratios.map(({time}) => time))})`;
}

async function main(): Promise<void> {
  await using servers = await startCluster({version: String(postgresVersion), replicas: 1});
  const {primary, replicas} = servers;
  await using plain = poolOf(primary);
  await using one = createCluster(poolOf(primary), []);
  const standbys = replicas.map((replica) => poolOf(replica));
  await using two = createCluster(poolOf(primary), standbys, {maxLagMilliseconds: 1e9});
  await plain.query(sql`CREATE TABLE points (id int PRIMARY KEY, name text)`);
  await plain.query(sql`CREATE UNLOGGED TABLE notes (id int)`);
  await plain.query(sql`INSERT INTO points SELECT i, 'x' || i FROM generate_series(0, 999) AS i`);
  for (const db of [one, two]) {
    await until(async () => (await db.explain(sql`SELECT name FROM points`)).target === 'replica');
  }
  const asked = process.argv.slice(2);
  const kinds: readonly [string, Queryable, Call][] = [
    ['reads, one server', one, read],
    ['writes, one server', one, write],
    ['writes, a standby', two, write],
    ['writes and reads back, a standby', two, pair],
  ];
  for (const [name, db, call] of kinds) {
    if (asked.length > 0 && !asked.some((part) => name.includes(part))) continue;
    for (const atATime of AT_A_TIME) {
      const ratio = await ratioOf(plain, db, call, atATime);
      process.stdout.write(`${name}, ${atATime} at a time: ${ratio}\n`);
    }
  }
}

void main();
