/* A whole run in one process: prepared once, then a database for each test file. */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {withSession} from '../simple-query';
import type {Row} from '../simple-query';
import {startRun} from './start-run';
import type {EndOfRun} from './start-run';
import {cloneDatabase, useWorkerDatabase} from './worker-database';

const environmentVariable = 'PG_TEST_START_RUN_URL';
let end: EndOfRun | undefined;
afterEach(async () => {
  await end?.();
  end = undefined;
});

function query(connectionString: string, text: string): Promise<Row[]> {
  const url = new URL(connectionString);
  const address = {host: url.hostname, port: Number(url.port)};
  return withSession(address, (session) => session.query(text), url.pathname.slice(1));
}

/** What the migrations leave behind: one row. */
async function migrate(connectionString: string): Promise<void> {
  await query(connectionString, 'CREATE TABLE users (id INT); INSERT INTO users VALUES (1)');
}

async function countUsers(connectionString: string): Promise<string | null | undefined> {
  const [row] = await query(connectionString, 'SELECT count(*) FROM users');
  return row?.[0];
}

test('each test file begins with what the migrations left, in a database of its own', async () => {
  end = await startRun({environmentVariable, migrate});
  const main = process.env[environmentVariable] ?? '';
  assert.equal(await countUsers(main), '1');
  const first = await useWorkerDatabase('1');
  assert.ok(first);
  assert.equal(process.env[environmentVariable], first.connectionString);
  await query(first.connectionString, 'INSERT INTO users VALUES (2)');
  const second = await useWorkerDatabase('2');
  assert.ok(second);
  assert.equal(await countUsers(second.connectionString), '1');
  // The next file of the first worker: the database of its file before is gone, that of the other worker is not.
  const third = await useWorkerDatabase('1');
  assert.ok(third);
  assert.equal(await countUsers(third.connectionString), '1');
  await assert.rejects(countUsers(first.connectionString), {message: /3D000/});
  assert.equal(await countUsers(second.connectionString), '1');
  await using own = await cloneDatabase();
  assert.equal(await countUsers(own.connectionString), '1');
});

test('migrations that fail say what the server said, and leave no server', async () => {
  let url = '';
  const failing = startRun({
    environmentVariable,
    migrate: async (connectionString) => {
      url = connectionString;
      await query(connectionString, 'SELECT 1 / 0 AS quotient');
    },
  });
  await assert.rejects(failing, {message: /The server's log says:[^]*SELECT 1 \/ 0 AS quotient/});
  await assert.rejects(query(url, 'SELECT 1'), {code: 'PG_TEST_QUERY_FAILED'});
  assert.equal(process.env[environmentVariable], undefined);
});

test('where the variable is set already nothing is started, and everybody uses that database', async () => {
  const given = 'postgres://somewhere/database';
  process.env[environmentVariable] = given;
  try {
    await (
      await startRun({environmentVariable, migrate})
    )();
    assert.equal(await useWorkerDatabase('1'), undefined);
    assert.equal(process.env[environmentVariable], given);
    await assert.rejects(cloneDatabase(), {code: 'PG_TEST_NOT_FOUND'});
  } finally {
    delete process.env[environmentVariable];
  }
});
