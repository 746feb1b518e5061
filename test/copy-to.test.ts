import assert from 'node:assert/strict';
import {once} from 'node:events';
import {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {processId, whenNotRunning} from './support/activity';
import {useDatabase} from './support/database';

const database = useDatabase();

const reason = new Error('enough');
const isReason = (error: unknown) => error === reason;

/** Larger than all buffers between a server and its client. */
const ENDLESS = sql`COPY (SELECT repeat('x', 1000), generate_series(1, 100000000)) TO STDOUT`;

async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('the data comes as the statement names it, and can be given to copyFrom as it is', async () => {
  const {db} = database;
  await db.query(sql`
    CREATE TABLE source (n INT, word TEXT);
    INSERT INTO source SELECT i, 'word "' || i FROM generate_series(1, 20000) AS i;
    INSERT INTO source VALUES (NULL, NULL), (-1, E'\u{1F600}\n');
    CREATE TABLE target (LIKE source)`);
  assert.equal(
    await textOf(
      db.copyTo(sql`COPY (SELECT * FROM source WHERE n < 3) TO STDOUT (FORMAT csv, HEADER)`),
    ),
    'n,word\n1,"word ""1"\n2,"word ""2"\n-1,"\u{1F600}\n"\n',
  );
  for (const format of ['text', 'csv', 'binary']) {
    const options = sql`WITH (FORMAT ${sql.ident(format)})`;
    await db.task(async (task) => {
      const other = database.pool();
      const copied = await task.copyFrom(
        sql`COPY target FROM STDIN ${options}`,
        other.copyTo(sql`COPY source TO STDOUT ${options}`),
      );
      assert.equal(copied, 20_002, format);
    });
    const [{differs}] = await db.query(sql`
      SELECT count(*)::int AS differs FROM (
        (TABLE source EXCEPT ALL TABLE target) UNION ALL (TABLE target EXCEPT ALL TABLE source)
      ) AS difference`);
    assert.equal(differs, 0, format);
    await db.query(sql`TRUNCATE target`);
  }
});

test('rows larger than a buffer come whole', async () => {
  const {db} = database;
  const large = db.copyTo(
    sql`COPY (SELECT repeat('é', 100000 * i) FROM generate_series(1, 3) AS i) TO STDOUT`,
  );
  assert.equal(await textOf(large), [1, 2, 3].map((i) => `${'é'.repeat(100_000 * i)}\n`).join(''));
  assert.equal(await textOf(db.copyTo(sql`COPY (SELECT 1 WHERE false) TO STDOUT`)), '');
});

test('leaving early ends the copy on the server and gives the connection back', async () => {
  const {db} = database;
  const observer = database.pool();
  const before = await processId(db);
  const leave = async (queryable: Queryable) => {
    for await (const chunk of queryable.copyTo(ENDLESS)) {
      assert.ok(chunk instanceof Buffer);
      break;
    }
    await whenNotRunning(observer, 'generate_series(1, 100000000)');
    assert.deepEqual(await queryable.query(sql`SELECT 1 AS one`), [{one: 1}]);
  };
  await leave(db);
  await db.task(leave);
  const failing = new Writable({write: (_chunk, _encoding, done) => done(reason)});
  await assert.rejects(pipeline(db.copyTo(ENDLESS), failing), isReason);
  await whenNotRunning(observer, 'generate_series(1, 100000000)');
  // Never read from, so never begun.
  db.copyTo(ENDLESS).destroy();
  assert.equal(await processId(db), before);
});

test('leaving early in a transaction leaves the transaction as it is', async () => {
  const {db} = database;
  await db.tx(async (tx) => {
    await tx.query(sql`CREATE TABLE kept (n INT)`);
    const some = sql`COPY (SELECT repeat('x', 1000), generate_series(1, 20000)) TO STDOUT`;
    for await (const chunk of tx.copyTo(some)) {
      assert.ok(chunk.length > 0);
      break;
    }
    await tx.query(sql`INSERT INTO kept VALUES (1)`);
  });
  assert.deepEqual(await db.query(sql`SELECT n FROM kept`), [{n: 1}]);
});

test('aborting cancels the copy', async () => {
  const {db} = database;
  const observer = database.pool();
  const before = await processId(db);
  const abort = async (queryable: Queryable) => {
    const controller = new AbortController();
    const copy = queryable.copyTo(ENDLESS, {signal: controller.signal});
    copy.once('data', () => controller.abort(reason));
    const [error] = await once(copy, 'error');
    assert.equal(error, reason);
    await whenNotRunning(observer, 'generate_series(1, 100000000)');
  };
  await abort(db);
  await assert.rejects(db.tx(abort), {code: 'PG_TRANSACTION_ROLLED_BACK'});
  const aborted = db.copyTo(ENDLESS, {signal: AbortSignal.abort(reason)});
  await assert.rejects(textOf(aborted), isReason);
  assert.equal(await processId(db), before);
});

test('errors of the server are errors of the stream, also after data came', async () => {
  const {db} = database;
  const late = sql`COPY (SELECT 1 / (5000 - i) FROM generate_series(1, 10000) AS i) TO STDOUT`;
  for (const [statement, code] of [
    [late, '22012'],
    [sql`COPY missing TO STDOUT`, '42P01'],
  ] as const) {
    await assert.rejects(textOf(db.copyTo(statement)), {name: 'error', code});
    await assert.rejects(
      db.tx((tx) => textOf(tx.copyTo(statement))),
      {code},
    );
  }
  assert.throws(() => db.copyTo(sql`SELECT 1`), {code: 'PG_INVALID_ARGUMENT'});
  assert.throws(() => db.copyTo(sql`COPY t FROM STDIN`), /there is copyFrom\(\)/);
  await assert.rejects(db.query(late), /use copyTo\(\)/);
});

test('calls on a task wait for the copy that is open on it', async () => {
  const {db} = database;
  await db.task(async (task) => {
    const copy = task.copyTo(sql`COPY (SELECT i FROM generate_series(1, 3) AS i) TO STDOUT`);
    const first = once(copy, 'readable');
    copy.read();
    const queried = task.query(sql`SELECT 1 AS one`);
    await first;
    assert.equal(await textOf(copy), '1\n2\n3\n');
    assert.deepEqual(await queried, [{one: 1}]);
  });
});
