/** Cursor and QueryStream of the facade: rows in batches, in order, with the client free again afterwards. */
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {Client, Cursor, QueryStream} from '@databases/pg-compat';
import {useServer} from '../support/server';

let client: Client;
// In front of the hook of useServer, which stops the server.
after(() => client.end());
useServer({}, (url) => {
  client = new Client(url);
  return client.connect();
});

const NUMBERS = 'select n from generate_series(1, $1::int) n';

/** Whatever came before it is over, and nothing is left of it. */
async function assertFree(): Promise<void> {
  assert.deepEqual((await client.query('select 1 a')).rows, [{a: 1}]);
  assert.equal(client.getTransactionStatus(), 'I');
}

test('rows come in batches, then none', async () => {
  const cursor = client.query(new Cursor(NUMBERS, [5]));
  assert.deepEqual(await cursor.read(2), [{n: 1}, {n: 2}]);
  assert.deepEqual(await cursor.read(2), [{n: 3}, {n: 4}]);
  assert.deepEqual(await cursor.read(2), [{n: 5}]);
  assert.deepEqual(await cursor.read(2), []);
  await assertFree();
});

test('reads that are asked for at once are answered in order', async () => {
  const cursor = client.query(new Cursor(NUMBERS, [3], {rowMode: 'array'}));
  const batches = await Promise.all([cursor.read(2), cursor.read(2), cursor.read(2)]);
  assert.deepEqual(batches, [[[1], [2]], [[3]], []]);
  await assertFree();
});

test('a cursor that is closed between two batches ends on the server', async () => {
  const cursor = client.query(new Cursor(NUMBERS, [1_000_000]));
  assert.equal((await cursor.read(10)).length, 10);
  const next = client.query('select count(*)::int n from pg_cursors');
  await cursor.close();
  assert.deepEqual((await next).rows, [{n: 0}]);
  assert.deepEqual(await cursor.read(1), []);
});

test('a cursor that is closed before it is read costs nothing', async () => {
  const cursor = client.query(new Cursor('select nope'));
  await cursor.close();
  await assertFree();
});

test('an error is given to the read, and the client goes on', async () => {
  const cursor = client.query(new Cursor('select 1 / (n - 3) q from generate_series(1, 5) n'));
  assert.equal((await cursor.read(2)).length, 2);
  await assert.rejects(cursor.read(2), {code: '22012'});
  await assertFree();
  const broken = client.query(new Cursor('select nope'));
  await assert.rejects(broken.read(1), {code: '42703'});
  await assertFree();
});

test('a value that cannot be sent is the error of the read', async () => {
  const cursor = client.query(new Cursor('select $1::timestamptz', [new Date(Number.NaN)]));
  await assert.rejects(cursor.read(1), RangeError);
  await assertFree();
});

test('statements without rows have none', async () => {
  const cursor = client.query(new Cursor('create temp table without_rows (a int)'));
  assert.deepEqual(await cursor.read(5), []);
  const empty = client.query(new Cursor(''));
  assert.deepEqual(await empty.read(5), []);
  await assertFree();
});

test('a stream gives every row in order', async () => {
  const stream = client.query(new QueryStream(NUMBERS, [1000], {batchSize: 64}));
  let sum = 0;
  for await (const row of stream) sum += row.n;
  assert.equal(sum, 500_500);
  await assertFree();
});

test('leaving the loop over a stream early frees the client', async () => {
  for await (const row of client.query(new QueryStream(NUMBERS, [1_000_000]))) {
    if (row.n === 3) break;
  }
  await assertFree();
});

test('an error of the statement is the error of the stream', async () => {
  const stream = client.query(new QueryStream('select nope'));
  await assert.rejects(
    async () => {
      for await (const row of stream) assert.fail(`there was a row: ${JSON.stringify(row)}`);
    },
    {code: '42703'},
  );
  await assertFree();
});

test('a copy that wants data is refused and the client goes on, with either protocol', async () => {
  await client.query('create temp table copied (a int)');
  for (const queryMode of ['simple', 'extended']) {
    await assert.rejects(client.query({text: 'copy copied from stdin', queryMode}), {
      code: '57014',
    });
    await assertFree();
  }
  const cursor = client.query(new Cursor('copy copied from stdin'));
  await assert.rejects(cursor.read(1), {code: '57014'});
  await assertFree();
});

test('what pg-cursor makes is refused by name', () => {
  const foreign = {text: 'select 1', submit: () => undefined};
  assert.throws(() => client.query(foreign), /Cursor and the QueryStream of @databases\/pg-compat/);
});
