/**
 * Promise 16 and the hostile inputs 40 to 49: what cannot be sent is an error of this side with 0 bytes written, as
 * a tap between the pool and a real server sees, and the next query works. What can be sent is data, never SQL.
 */
import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import {after, before, describe, test} from 'node:test';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {listen} from '../support/ports';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';
import {openWireTap} from '../support/wire-tap';
import type {WireTap} from '../support/wire-tap';
import {randomTest} from './rig/random';
import type {Random} from './rig/random';

const postgres = useServer();
forbidUnhandledErrors();

const cyclic: {self?: unknown} = {};
cyclic.self = cyclic;
const throwing = {
  get value(): never {
    throw new Error('from the getter');
  },
};
const raw = (text: string) => sql.__dangerous__rawValue(text);
const list = (count: number) => Array.from({length: count}, (_, index) => sql`${index}`);

type Call = (db: ConnectionPool) => unknown;

/** Each is called with a pool, and may neither send a byte nor leave the pool with less than it had. */
const refused: readonly [string, Call][] = [
  ['C2.40 NUL in a text', (db) => db.query(sql`SELECT ${'a\0b'}`)],
  ['C2.40 NUL in a query', (db) => db.query(raw("SELECT 1\0; SELECT 'injected'"))],
  ['C2.40 NUL in a query of a transaction', (db) => db.query([sql`SELECT 1`, raw('SELECT 1\0')])],
  ['C2.40 NUL in a channel that is notified', (db) => db.notify('a\0b', 'payload')],
  ['C2.40 NUL in a payload', (db) => db.notify('channel', 'a\0b')],
  ['C2.40 NUL in a channel that is listened to', (db) => db.listen('a\0b', () => undefined)],
  ['C2.41 65,536 parameters', (db) => db.query(sql`SELECT ARRAY[${sql.join(list(65_536), ',')}]`)],
  ['C2.41 70,000 parameters', (db) => db.query(sql`SELECT ARRAY[${sql.join(list(70_000), ',')}]`)],
  ['C2.42 1 GiB of bytes', (db) => db.query(sql`SELECT ${gibibyte()}::bytea`)],
  ['C2.43 a lone surrogate', (db) => db.query(sql`SELECT ${'a\ud800'}`)],
  ['C2.43 a lone surrogate in a query', (db) => db.query(raw("SELECT '\udc00'"))],
  ['C2.44 undefined', (db) => db.query(sql`SELECT ${undefined}`)],
  ['C2.44 a function', (db) => db.query(sql`SELECT ${() => 1}`)],
  ['C2.44 an invalid Date', (db) => db.query(sql`SELECT ${new Date(NaN)}`)],
  ['C2.44 a cyclic object', (db) => db.query(sql`SELECT ${cyclic}`)],
  ['C2.48 an identifier with NUL', (db) => db.query(sql`SELECT 1 AS ${sql.ident('a\0b')}`)],
  [
    'C2.48 an identifier of 64 bytes',
    (db) => db.query(sql`SELECT 1 AS ${sql.ident('x'.repeat(64))}`),
  ],
  ['C2.48 an identifier that is empty', (db) => db.query(sql`SELECT 1 AS ${sql.ident('')}`)],
  ['C2.49 a getter that throws', (db) => db.query(sql`SELECT ${throwing}`)],
];

/** Never touched, so the system has no need to find the memory. */
function gibibyte(): Buffer {
  return Buffer.alloc(2 ** 30);
}

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('it was accepted');
}

describe('16. no wire injection', () => {
  let tap: WireTap;
  before(async () => {
    tap = await openWireTap(urlWith(postgres.url, {parameters: {sslmode: 'disable'}}));
  });

  after(() => tap.close());

  async function useTap(run: (db: ConnectionPool) => Promise<void>): Promise<void> {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 1`);
    await run(db);
  }

  for (const [name, call] of refused) {
    test(`16. no wire injection: ${name} is a local error, 0 bytes are written, the next query is fine`, async () => {
      await useTap(async (db) => {
        const sessions = tap.sessions;
        tap.clear();
        const error = await errorOf(() => call(db));
        assert.ok(error instanceof Error, inspect(error));
        // What @databases/sql refuses is refused before there is a query.
        if (error instanceof PgError) assert.equal(error.sent, 'no');
        else assert.match(String(Reflect.get(error, 'code')), /^SQL_/, inspect(error));
        assert.equal(tap.chunks, 0);
        assert.deepEqual(await db.query(sql`SELECT ${'next'} AS next`), [{next: 'next'}]);
        assert.equal(tap.sessions, sessions);
      });
    });
  }

  // How these are written depends on the type of the parameter, which the server is asked for first.
  for (const [name, value] of [
    ['C2.40 NUL in a text of an array', ['a\0b']],
    ['C2.43 a lone surrogate in an array', ['a\ud800']],
    ['C2.44 undefined in an array', [undefined]],
    ['C2.49 a toPostgres that throws', {toPostgres: () => assert.fail('no')}],
  ] as const) {
    test(`16. no wire injection: ${name} is a local error, nothing is run, the next query is fine`, async () => {
      await useTap(async (db) => {
        tap.clear();
        const error = await errorOf(() => db.query(sql`SELECT ${value}::text[]`));
        assert.ok(error instanceof PgError, inspect(error));
        assert.equal(error.sent, 'no');
        assert.doesNotMatch(tap.flights.join(' '), /[BE]/);
        assert.deepEqual(await db.query(sql`SELECT ${'next'} AS next`), [{next: 'next'}]);
      });
    });
  }

  test('C2.45 a bigint beyond int8 is numeric, digit for digit', async () => {
    await useTap(async (db) => {
      for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 200n]) {
        const [row] = await db.query(sql`SELECT ${value}::numeric::text AS text`);
        assert.equal(row.text, String(value));
      }
      await assert.rejects(db.query(sql`SELECT ${2n ** 63n}::int8`), {code: '22003'});
    });
  });

  test('C2.46 -0, NaN and both infinities come back as they are, the first time and later', async () => {
    await useTap(async (db) => {
      for (let use = 0; use < 3; use++) {
        for (const value of [-0, 0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308]) {
          const [row] = await db.query(
            sql`SELECT ${value}::float8 AS alone, ${[value]}::float8[] AS list`,
          );
          assert.ok(Object.is(row.alone, value), `${row.alone} for ${value}`);
          assert.ok(Object.is(row.list[0], value), `${row.list[0]} in a list for ${value}`);
        }
      }
    });
  });

  test('C2.47 values are bound, never put into the text', async () => {
    await useTap(async (db) => {
      assert.deepEqual(await db.query(sql`SELECT -${-1}::int AS plus`), [{plus: 1}]);
      for (const text of [
        `'; DROP TABLE x; --`,
        `\\'; --`,
        '$$; --',
        '$a$',
        '"',
        '`',
        '?',
        '$1',
        ':a',
        '{"}',
        '%s',
      ]) {
        const rows = await db.query(
          sql`SELECT ${text} AS text, ${[text]}::text[] AS list, ${{text}}::jsonb AS document`,
        );
        assert.deepEqual(rows, [{text, list: [text], document: {text}}]);
      }
    });
  });

  randomTest(
    'C2.47 any text is the same text to the server, in every place it can stand',
    async (random) => {
      await useTap(async (db) => {
        for (let round = 0; round < 100; round++) {
          const text = randomText(random, 40);
          const rows = await db.query(
            sql`SELECT ${text} AS text, ${[text, null]}::text[] AS list, ${{text}}::jsonb AS document`,
          );
          assert.deepEqual(rows, [{text, list: [text, null], document: {text}}]);
        }
      });
    },
  );

  randomTest(
    'C2.48 any name is the same name to the server, and quoted as the server quotes',
    async (random) => {
      await useTap(async (db) => {
        for (let round = 0; round < 100; round++) {
          const name = randomText(random, 15);
          const [row] = await db.query(sql`SELECT ${name} AS ${sql.ident(name)}`);
          assert.deepEqual(row, {[name]: name});
          const quoted = sql.ident(name).format({
            escapeIdentifier: sql.pgFormat.escapeIdentifier,
            formatValue: () => assert.fail('an identifier is no value'),
          }).text;
          // The server leaves the quotes out where they are not needed.
          const [server] = await db.query(sql`SELECT quote_ident(${name}) AS quoted`);
          if (server.quoted.startsWith('"')) assert.equal(quoted, server.quoted);
          else assert.equal(quoted, `"${server.quoted}"`);
        }
      });
    },
  );
});

const CHARACTERS = Array.from(`"'\\$-;: {}[](),.%_\n\t\r aZ09éß€😀\u2028\u0001`);

function randomText(random: Random, most: number): string {
  const length = random.between(1, most);
  return Array.from({length}, () => random.pick(CHARACTERS)).join('');
}

const evil = 'me\0search_path\0evil';
for (const [where, options] of [
  ['user', {user: evil}],
  ['database', {database: evil}],
  ['password', {password: evil}],
  ['applicationName', {applicationName: evil}],
  ['schema', {schema: evil}],
  ['options', {options: evil}],
] as const) {
  test(`16. no wire injection: NUL in ${where} is refused with 0 bytes written`, async () => {
    const chunks: Buffer[] = [];
    await using server = await listen((socket) => {
      socket.on('data', (bytes: Buffer) => {
        chunks.push(bytes);
        // To what asks for TLS; a startup message would follow.
        if (bytes.length === 8) socket.write('N');
        else socket.destroy();
      });
    });
    const config: ConnectionPoolConfig = {
      host: '127.0.0.1',
      port: server.port,
      ssl: false,
      user: 'me',
      ...options,
    };
    const error = await errorOf(async () => {
      await using db = createConnectionPool(config);
      await db.query(sql`SELECT 1`);
    });
    assert.ok(error instanceof PgError, inspect(error));
    assert.equal(error.code, 'PG_CONFIGURATION_INVALID');
    assert.equal(Buffer.concat(chunks).length, 0);
  });
}
