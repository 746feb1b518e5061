import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer();

const refused = {code: 'PG_PARAMETER_INVALID', sent: 'no', message: /\$1.*index 100000/} as const;

test('a large text that Postgres cannot hold is refused by its query alone', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  for (const text of [`${'x'.repeat(100_000)}\0`, `${'é'.repeat(100_000)}\udc00`]) {
    const [one] = await Promise.all([
      db.query(sql`SELECT ${1}::int AS one`),
      assert.rejects(db.query(sql`SELECT ${text}::text`), refused),
      assert.rejects(db.query(sql`SELECT ${[text]}::text[]`), {code: 'PG_PARAMETER_INVALID'}),
    ]);
    assert.deepEqual(one, [{one: 1}]);
    const sum: unknown = await db.tx(async (tx) => {
      await assert.rejects(tx.query(sql`SELECT ${text}::text`), refused);
      return tx.query(sql`SELECT 1 + ${1}::int AS sum`);
    });
    assert.deepEqual(sum, [{sum: 2}]);
  }
});

test('large values arrive and come back as they are', async () => {
  await using db = createConnectionPool(postgres.url);
  const texts = ['x', 'é', '日本', 'a😀', '\uFFFD'].map((unit) => unit.repeat(700_000));
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const [row]: {text: string; bytes: Buffer; size: number}[] = await db.query(
      sql`SELECT ${text}::text AS text, ${bytes}::bytea AS bytes, octet_length(${text}::text) AS size`,
    );
    assert.ok(row?.text === text);
    assert.ok(row.bytes.equals(bytes));
    assert.equal(row.size, bytes.length);
  }
});

test('large values that are sent at the same time, in memory of one another, arrive as they are', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 3});
  const values = Array.from({length: 24}, (_, n) => Buffer.alloc(300_000 + n * 50_000, n));
  const hashes = await Promise.all(
    values.map(async (bytes) => {
      const [row]: {md5: string}[] = await db.query(sql`SELECT md5(${bytes}::bytea) AS md5`);
      return row?.md5;
    }),
  );
  assert.deepEqual(
    hashes,
    values.map((bytes) => createHash('md5').update(bytes).digest('hex')),
  );
});

test('what is done to a large value after it was sent to an idle connection does not reach the server', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`SELECT 1`);
  const bytes = Buffer.alloc(3_000_000, 'a');
  for (let round = 0; round < 3; round++) {
    const query = db.query(
      sql`SELECT md5(${bytes.fill('a')}::bytea) = md5(repeat('a', 3000000)) AS same`,
    );
    bytes.fill('b');
    assert.deepEqual(await query, [{same: true}]);
  }
});

test('large bytes that were read are the property of the program, and keep little else alive', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const read = (): Promise<{n: number; bytes: Buffer; small: Buffer; text: string}[]> =>
    db.query(sql`
      SELECT n, convert_to(repeat(chr(64 + n), 200000 + n), 'UTF8') AS bytes, '\\x0102'::bytea AS small,
        repeat('t', CASE WHEN n < 4 THEN 1000 ELSE 300000 END) AS text
      FROM generate_series(1, 6) AS n ORDER BY n`);
  await read();
  const rows = await read();
  rows[0]?.bytes.fill('!');
  await read();
  for (const {n, bytes, small, text} of rows) {
    const expected = Buffer.alloc(200_000 + n, n === 1 ? '!' : String.fromCharCode(64 + n));
    assert.ok(bytes.equals(expected), `row ${n}`);
    assert.deepEqual(small, Buffer.from([1, 2]));
    assert.equal(text.length, n < 4 ? 1000 : 300_000);
    assert.ok(bytes.buffer.byteLength <= 2 * bytes.length, `row ${n}`);
    assert.ok(small.buffer.byteLength < 100_000, `row ${n}`);
  }
});
