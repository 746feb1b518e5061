/** `password` as a function, against roles whose passwords change and expire. */
import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import {test} from 'node:test';
import createConnectionPool, {AuthenticationError, DatabaseError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {failureOf} from './support/failure';
import {gate} from './support/gate';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

type PasswordFunction = Extract<ConnectionPoolConfig['password'], (...all: never) => unknown>;
type Request = Parameters<PasswordFunction>[0];

const USER = 'rotating';
const postgres = useServer(
  {hostBasedAuthentication: [`host all ${USER} 127.0.0.1/32 scram-sha-256`]},
  async (url) => {
    await using db = createConnectionPool(url);
    await db.query(sql`CREATE ROLE rotating LOGIN`);
  },
);
forbidUnhandledErrors();

/** Gives out tokens of which the server takes the last one only. */
class TokenServer {
  readonly requests: Request[] = [];
  #token = 0;

  async issue(): Promise<string> {
    await using admin = createConnectionPool(postgres.url);
    const token = `token-${++this.#token}`;
    await admin.query(sql`ALTER ROLE rotating PASSWORD ${sql.__dangerous__rawValue(`'${token}'`)}`);
    return token;
  }

  readonly password = (request: Request): Promise<string> => {
    this.requests.push(request);
    return this.issue();
  };
}

function poolWith(password: PasswordFunction, options: ConnectionPoolConfig = {}): ConnectionPool {
  // The password in the string must not be used where there is a function.
  const connectionString = urlWith(postgres.url, {user: USER, password: 'of-the-url'});
  return createConnectionPool({connectionString, password, ...options});
}

const whoAmI = sql`SELECT current_user::text AS me`;

test('the function is told whom the password is for, and asked once for a connection of many queries', async () => {
  const tokens = new TokenServer();
  await using db = poolWith(tokens.password, {poolSize: 1});
  for (let i = 0; i < 3; i++) assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
  const {host, port, database} = postgres.server;
  assert.deepEqual(tokens.requests, [{host, port, user: USER, database, attempt: 1}]);
});

test('each new connection asks again, so that a token that has expired is never used twice', async () => {
  const tokens = new TokenServer();
  await using db = poolWith(tokens.password, {poolSize: 1, maxUses: 1});
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
    await tokens.issue();
  }
  assert.deepEqual(
    tokens.requests.map(({attempt}) => attempt),
    [1, 1, 1],
  );
});

test('connections that are opened at the same time ask each for itself', async () => {
  const token = await new TokenServer().issue();
  let asked = 0;
  await using db = poolWith(
    () => {
      asked++;
      return token;
    },
    {poolSize: 3},
  );
  let arrived = 0;
  const allArrived = gate();
  const hold = () =>
    db.task(async (task) => {
      await task.query(whoAmI);
      if (++arrived === 3) allArrived.open();
      await allArrived.opened;
    });
  await Promise.all([hold(), hold(), hold()]);
  assert.equal(asked, 3);
});

test('a password that was replaced between being given and being tried is asked for once more', async () => {
  const tokens = new TokenServer();
  const attempts: number[] = [];
  await using db = poolWith(async ({attempt}) => {
    attempts.push(attempt);
    const token = await tokens.issue();
    if (attempt === 1) await tokens.issue();
    return token;
  });
  assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
  assert.deepEqual(attempts, [1, 2]);
});

test('a password that is refused twice is the error of the server, and the pool works once it is right', async () => {
  const tokens = new TokenServer();
  let asked = 0;
  let isDown = true;
  await using db = poolWith(async () => {
    asked++;
    const token = await tokens.issue();
    return isDown ? 'stale-secret' : token;
  });
  const error = await failureOf(db.query(whoAmI));
  assert.ok(error instanceof DatabaseError);
  assert.equal(error.code, '28P01');
  assert.doesNotMatch(inspect(error, {depth: 9, showHidden: true}), /stale-secret/);
  assert.equal(asked, 2);
  isDown = false;
  assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
});

test('it is asked once also where both with TLS and without it is tried', async () => {
  const tokens = new TokenServer();
  const connectionString = urlWith(postgres.url, {
    user: 'nobody-knows',
    parameters: {sslmode: 'prefer'},
  });
  await using db = createConnectionPool({connectionString, password: tokens.password});
  // The role does not exist, of which the server says the same both ways.
  await failureOf(db.query(whoAmI));
  assert.equal(tokens.requests.length, 1);
});

const failures: readonly (readonly [string, PasswordFunction])[] = [
  [
    'throws',
    () => {
      throw new Error('no credentials in s3cret');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no credentials in s3cret'))],
];
for (const [what, password] of failures) {
  test(`a function that ${what} is an AuthenticationError with that as its cause, and the pool recovers`, async () => {
    const tokens = new TokenServer();
    let isDown = true;
    await using db = poolWith((request) => (isDown ? password(request) : tokens.password(request)));
    const error = await failureOf(db.query(whoAmI));
    assert.ok(error instanceof AuthenticationError);
    assert.match(error.message, /password function.*"rotating" on 127\.0\.0\.1:\d+/);
    assert.doesNotMatch(error.message, /s3cret/);
    assert.ok(error.cause instanceof Error);
    assert.match(error.cause.message, /no credentials/);
    isDown = false;
    assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
  });
}

// A program in JavaScript can do this.
const key: string = 'value';
const useless: readonly unknown[] = [undefined, null, '', 987654321, {password: 's3cret'}];
for (const value of useless) {
  test(`a function that gives ${inspect(value)} is told to give a string`, async () => {
    await using db = poolWith(() => Reflect.get({value}, key));
    const error = await failureOf(db.query(whoAmI));
    assert.equal(error.code, 'PG_PASSWORD_MISSING');
    assert.match(error.message, /it has to give the password as a string/);
    assert.doesNotMatch(error.message, /s3cret|987654321/);
  });
}

test('a function that never answers is given up after connectionTimeoutMilliseconds', async () => {
  await using db = poolWith(() => new Promise(() => {}), {connectionTimeoutMilliseconds: 50});
  assert.equal((await failureOf(db.query(whoAmI))).code, 'PG_CONNECT_TIMEOUT');
});

test('an answer that comes after the attempt was given up harms nobody', async () => {
  const tokens = new TokenServer();
  const late: ((password: string) => void)[] = [];
  await using db = poolWith(
    (request) =>
      late.length === 0
        ? new Promise<string>((resolve) => late.push(resolve))
        : tokens.password(request),
    {connectionTimeoutMilliseconds: 500},
  );
  assert.equal((await failureOf(db.query(whoAmI))).code, 'PG_CONNECT_TIMEOUT');
  for (const resolve of late) resolve('too late');
  assert.deepEqual(await db.query(whoAmI), [{me: USER}]);
});
