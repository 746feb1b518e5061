/** Options that have no test file of their own: who and where, and how values are read. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE ROLE guest LOGIN`);
});
forbidUnhandledErrors();

test('host, port, user, database and password say where to, without a connection string', async () => {
  const {host, port} = postgres.server;
  await using db = createConnectionPool({
    connectionString: false,
    host,
    port,
    user: 'guest',
    database: 'template1',
    password: 'not asked for',
  });
  assert.deepEqual(
    await db.query(sql`SELECT current_user::text AS user, current_database()::text AS database`),
    [{user: 'guest', database: 'template1'}],
  );
});

const names: readonly (readonly [ConnectionPoolConfig, string])[] = [
  [{fallbackApplicationName: 'fallback'}, 'fallback'],
  [{fallbackApplicationName: 'fallback', applicationName: 'named'}, 'named'],
];
for (const [options, name] of names) {
  test(`${JSON.stringify(options)} makes the application name "${name}"`, async () => {
    await using db = createConnectionPool({connectionString: postgres.url, ...options});
    assert.deepEqual(await db.query(sql`SHOW application_name`), [{application_name: name}]);
  });
}

const bigints: readonly (readonly [ConnectionPoolConfig, unknown])[] = [
  [{}, 5],
  [{bigIntMode: 'number'}, 5],
  [{bigIntMode: 'string'}, '5'],
  [{bigIntMode: 'bigint'}, 5n],
  [{bigIntAsString: true}, '5'],
];
for (const [options, value] of bigints) {
  test(`${JSON.stringify(options)} reads int8 as a ${typeof value}`, async () => {
    await using db = createConnectionPool({connectionString: postgres.url, ...options});
    assert.deepEqual(await db.query(sql`SELECT 5::int8 AS five`), [{five: value}]);
  });
}

const INT4 = 23;
const double = (text: string): number => Number(text) * 2;
const parsers: readonly (readonly [string, ConnectionPoolConfig['types']])[] = [
  ['a Map', new Map([[INT4, double]])],
  ['an object', {[INT4]: double}],
  ['a function', (registry) => registry.setTypeParser('int4', double)],
];
for (const [what, types] of parsers) {
  test(`types as ${what} says how columns are read`, async () => {
    await using db = createConnectionPool({connectionString: postgres.url, types});
    assert.deepEqual(await db.query(sql`SELECT 21 AS answer`), [{answer: 42}]);
  });
}
