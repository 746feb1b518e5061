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

type Call = (db: Queryable, index: number) => Promise<unknown>;

const read: Call = (db, index) => db.query(sql`SELECT name FROM points WHERE id = ${index % 1000}`);
const write: Call = (db, index) => db.query(sql`INSERT INTO notes VALUES (${index})`);

async function cpuOf(db: Queryable, call: Call, calls: number): Promise<number> {
  const before = process.cpuUsage();
  let next = 0;
  const worker = async () => {
    while (next < calls) await call(db, next++);
  };
  await Promise.all(Array.from({length: 100}, worker));
  const {system, user} = process.cpuUsage(before);
  return system + user;
}

async function ratioOf(plain: Queryable, other: Queryable, call: Call): Promise<string> {
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const order = round % 2 === 0 ? [plain, other] : [other, plain];
    const cpu = new Map<Queryable, number>();
    for (const db of order) cpu.set(db, await cpuOf(db, call, 4000));
    // The first warms up.
    if (round > 0) ratios.push((cpu.get(other) ?? Number.NaN) / (cpu.get(plain) ?? Number.NaN));
  }
  return (ratios.toSorted((one, two) => one - two)[ROUNDS >> 1] ?? Number.NaN).toFixed(2);
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
  await until(async () => (await one.explain(sql`SELECT name FROM points`)).target === 'replica');
  const reads = await ratioOf(plain, one, read);
  const writes = await ratioOf(plain, two, write);
  process.stdout.write(`point reads, one server: ${reads}; writes, with a standby: ${writes}\n`);
}

void main();
