/** COPY FROM STDIN in transactions, aborted, and in pools that are disposed. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import * as fc from 'fast-check';
import {processId, whenRunning} from './support/activity';
import {numbered, numbersTable} from './support/copy';
import {useDatabase} from './support/database';
import {failureOf} from './support/failure';
import {gate} from './support/gate';

const database = useDatabase();

const reason = new Error('enough');
const isReason = (error: unknown) => error === reason;

test('in a transaction the rows are those of the transaction', async () => {
  const {db} = database;
  const {name, into, count} = await numbersTable(db);
  await assert.rejects(
    db.tx(async (tx) => {
      assert.equal(await tx.copyFrom(into, numbered(10)), 10);
      throw reason;
    }),
    isReason,
  );
  assert.equal(await count(), 0);
  await db.tx(async (tx) => {
    // Calls go on the wire in the order they are made, and nothing gets in between.
    const [copied, [row]] = await Promise.all([
      tx.copyFrom(into, numbered(10)),
      tx.query(sql`SELECT count(*)::int AS count FROM ${name}`),
    ]);
    assert.deepEqual([copied, row.count], [10, 10]);
    const nested = tx.tx((inner) =>
      inner.copyFrom(into, [
        [11, 'a'],
        [1, 'again'],
      ]),
    );
    assert.equal((await failureOf(nested)).code, '23505');
    await assert.rejects(
      tx.tx((inner) => inner.copyFrom(into, [[12, 'a'], [13]])),
      {code: 'PG_PARAMETER_INVALID'},
    );
  });
  assert.equal(await count(), 10);
});

test('a transaction whose copy failed does not commit, and says why', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  const swallowed = db.tx(async (tx) => {
    await tx.copyFrom(into, numbered(3));
    await tx
      .copyFrom(into, [
        [5, 'a'],
        ['x', 'b'],
      ])
      .catch(() => undefined);
  });
  const error = await failureOf(swallowed);
  assert.equal(error.code, 'PG_TRANSACTION_ROLLED_BACK');
  assert.match(String(Reflect.get(Object(error.cause), 'message')), /^row 2, column "n"/);
  assert.equal(await count(), 0);
});

test('aborting ends the copy at once, wherever it is', async () => {
  const observer = database.pool();
  const {db} = database;
  const {name, into, count} = await numbersTable(db);
  const before = await processId(db);
  const silence = gate();
  for (const rows of [0, 1, 100_000]) {
    const controller = new AbortController();
    const asked = gate();
    async function* stalling() {
      yield* numbered(rows);
      asked.open();
      await silence.opened;
    }
    const copying = db.copyFrom(into, stalling(), {signal: controller.signal});
    await asked.opened;
    controller.abort(reason);
    await assert.rejects(copying, isReason);
    assert.equal(await count(), 0);
  }
  // The server waits for a lock and does not read.
  await observer.tx(async (tx) => {
    await tx.query(sql`LOCK TABLE ${name}`);
    const controller = new AbortController();
    const copying = db.copyFrom(into, '1\ta\n', {signal: controller.signal});
    await whenRunning(database.pool(), 'FROM STDIN');
    controller.abort(reason);
    await assert.rejects(copying, isReason);
    assert.equal(await processId(db), before);
  });
  await assert.rejects(db.copyFrom(into, [], {signal: AbortSignal.abort(reason)}), isReason);
  assert.equal(await count(), 0);
  silence.open();
});

test('a transaction that is aborted does not wait for the source of its copy', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  const silence = gate();
  const asked = gate();
  async function* stalling() {
    yield* numbered(10);
    asked.open();
    await silence.opened;
  }
  const controller = new AbortController();
  const transaction = db.tx((tx) => tx.copyFrom(into, stalling()), {signal: controller.signal});
  await asked.opened;
  controller.abort(reason);
  await assert.rejects(transaction, isReason);
  assert.equal(await count(), 0);
  silence.open();
});

test('a source that waits for its own connection is told so', async () => {
  const {db} = database;
  const {into} = await numbersTable(db);
  await db.tx(async (tx) => {
    async function* own() {
      yield [1, 'a'];
      await tx.query(sql`SELECT 1`);
    }
    await assert.rejects(
      tx.tx((inner) => inner.copyFrom(into, own())),
      {code: 'PG_SELF_DEADLOCK'},
    );
  });
});

test('a disposed pool lets the copy under way finish, and takes no other', async () => {
  const pool = database.pool();
  const {into, count} = await numbersTable(database.db);
  const asked = gate();
  const go = gate();
  async function* slow() {
    yield* numbered(3);
    asked.open();
    await go.opened;
    yield [4, 'four'];
  }
  const copying = pool.copyFrom(into, slow());
  await asked.opened;
  const disposed = pool.dispose();
  await assert.rejects(pool.copyFrom(into, []), {code: 'PG_USED_AFTER_END'});
  go.open();
  assert.equal(await copying, 4);
  await disposed;
  assert.equal(await count(), 4);
});

test('copies that are aborted at any moment store all or nothing, and the pool goes on', async () => {
  const db = database.pool({poolSize: 2});
  const {name, into} = await numbersTable(db);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({rows: fc.nat(3000), after: fc.nat(3000)}), {minLength: 1, maxLength: 5}),
      async (copies) => {
        await db.query(sql`TRUNCATE ${name}`);
        const counts = await Promise.all(
          copies.map(async ({rows, after}, index) => {
            const controller = new AbortController();
            function* source() {
              for (let n = 0; n < rows; n++) {
                if (n === after) controller.abort(reason);
                yield [index * 10_000 + n, 'x'];
              }
            }
            try {
              return await db.copyFrom(into, source(), {signal: controller.signal});
            } catch (error) {
              assert.equal(error, reason);
              return 0;
            }
          }),
        );
        copies.forEach(({rows, after}, i) => assert.equal(counts[i], after < rows ? 0 : rows));
        const [row] = await db.query(sql`SELECT count(*)::int AS count FROM ${name}`);
        assert.equal(
          row.count,
          counts.reduce((sum, count) => sum + count, 0),
        );
      },
    ),
    {numRuns: 25},
  );
});
