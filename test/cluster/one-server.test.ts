/** A cluster of one server: what it does of a cluster's work, without a promise more for each call. */
import assert from 'node:assert/strict';
import {createHook} from 'node:async_hooks';
import {test} from 'node:test';
import {DatabaseError, sql} from '@databases/pg';
import type {Queryable, SQLQuery} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {countRunning, eventually, whenRunning} from '../support/activity';
import {useDatabase} from '../support/database';
import {failureOf} from '../support/failure';

const database = useDatabase();
const CALLS = 20;

/** Ends the sessions that run the query while it waits for a lock, which is then released. */
async function interrupted<T>(part: string, work: () => Promise<T>): Promise<T> {
  const {db} = database;
  await using other = database.pool();
  return other
    .tx(async (tx) => {
      await tx.query(sql`LOCK TABLE interrupted IN ACCESS EXCLUSIVE MODE`);
      const done = work();
      await whenRunning(db, part);
      await db.query(sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND wait_event_type = 'Lock' AND position(${part} in query) > 0
    `);
      return {done};
    })
    .then(({done}) => done);
}

void test('a read whose connection breaks runs again, and a write does not', async () => {
  await database.db.query(sql`CREATE TABLE interrupted (id int)`);
  await using db = createCluster(database.pool({poolSize: 2}), []);
  await db.query(sql`INSERT INTO interrupted VALUES (1)`);
  const rows = await interrupted('/* read */', () =>
    db.query(sql`SELECT /* read */ id FROM interrupted`),
  );
  assert.deepEqual(rows, [{id: 1}]);
  const error = await interrupted('/* write */', () =>
    failureOf(db.query(sql`INSERT /* write */ INTO interrupted VALUES (2)`)),
  );
  assert.ok(error instanceof DatabaseError && error.code === '57P01');
  assert.equal(await countRunning(database.db, '/* write */'), 0);
  assert.deepEqual(await db.query(sql`SELECT id FROM interrupted`), [{id: 1}]);
  assert.equal(db.nodes()[0]?.inFlight, 0);
});

void test('calls are counted while they are under way, and out when they have ended, well or not', async () => {
  await using db = createCluster(database.pool({poolSize: 2}), []);
  const inFlight = () => db.nodes()[0]?.inFlight;
  await db.query(sql`CREATE TABLE counted (id int PRIMARY KEY)`);
  const queries = [
    sql`SELECT id FROM counted`,
    sql`INSERT INTO counted VALUES (1)`,
    sql`SELECT 1 / (id - id) FROM (VALUES (1)) AS one (id)`,
    sql`INSERT INTO counted VALUES (NULL)`,
  ];
  const target = async () => (await db.explain(sql`SELECT id FROM counted`)).target;
  await eventually('reads are known as such', async () => (await target()) === 'replica');
  for (const query of queries) {
    const call = db.query(query);
    assert.equal(inFlight(), 1);
    await call.catch(() => undefined);
    assert.equal(inFlight(), 0);
  }
});

void test('what changes the catalogue has it read again, though no promise stands behind the statement', async () => {
  await using db = createCluster(database.pool({poolSize: 2}), []);
  const target = async () => (await db.explain(sql`SELECT told()`)).target;
  const make = (volatility: string) =>
    db.query(
      sql`CREATE OR REPLACE FUNCTION told() RETURNS int LANGUAGE sql ${sql.__dangerous__rawValue(volatility)} AS 'SELECT 1'`,
    );
  await make('STABLE');
  await eventually('it is harmless', async () => (await target()) === 'replica');
  await make('VOLATILE');
  assert.equal(await target(), 'primary');
});

void test('neither a read nor a write takes a promise more than a plain pool', async () => {
  const plain = database.pool({poolSize: 2});
  await plain.query(sql`CREATE TABLE promised (id int)`);
  await using db = createCluster(database.pool({poolSize: 2}), []);
  for (const query of [() => sql`SELECT id FROM promised`, () => sql`DELETE FROM promised`]) {
    assert.equal(await promisesOf(db, query), await promisesOf(plain, query));
  }
});

/** How many promises are made in the call itself, which says nothing of probes and of the sockets' own work. */
async function promisesOf(db: Queryable, make: () => SQLQuery): Promise<number> {
  for (let call = 0; call < CALLS; call++) await db.query(make());
  let promises = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises++;
    },
  });
  const queries = Array.from({length: CALLS}, make);
  hook.enable();
  const calls = queries.map((query) => db.query(query));
  hook.disable();
  await Promise.all(calls);
  return promises;
}
