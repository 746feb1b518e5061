/** `socket`: the program opens the way to the server. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import {Duplex, PassThrough} from 'node:stream';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import {whenNotRunning, whenRunning} from './support/activity';
import {makeCertificates} from './support/certificates';
import {failureOf} from './support/failure';
import {runProgram} from './support/program';
import {allRows} from './support/rows';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

type SocketFunction = NonNullable<ConnectionPoolConfig['socket']>;

const certificates = makeCertificates();
const postgres = useServer({tls: certificates.right});
forbidUnhandledErrors();

/** Names a server that only the socket function can reach. */
function poolWith(socket: SocketFunction, sslmode = 'disable', options: ConnectionPoolConfig = {}) {
  const connectionString = urlWith(postgres.url, {
    host: 'project.invalid',
    port: 77,
    parameters: {sslmode},
  });
  return createConnectionPool({connectionString, socket, ...options});
}

const toServer = () => connect(postgres.server.port, postgres.server.host);

/** A stream that is no socket, as tunnels and connectors give. */
function tunnel(): Duplex {
  const socket = toServer();
  return Duplex.from({readable: socket, writable: socket});
}

const ways: readonly (readonly [string, SocketFunction])[] = [
  ['a socket that is still connecting', toServer],
  [
    'a promise of a connected socket',
    async () => {
      const socket = toServer();
      await once(socket, 'connect');
      return socket;
    },
  ],
  ['a stream that is no socket', tunnel],
];
for (const [what, socket] of ways) {
  for (const sslmode of ['disable', 'require']) {
    test(`${what} is a way to the server (sslmode=${sslmode})`, async () => {
      await using db = poolWith(socket, sslmode);
      const [row] = await db.query(sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`);
      assert.equal(row.ssl, sslmode === 'require');
      const rows = await allRows(
        db.queryStream(sql`SELECT repeat('x', 1000) AS x FROM generate_series(1, 5000)`),
      );
      assert.equal(rows.length, 5000);
    });
  }
}

test('the function is told host and port, once for each connection and each request to cancel', async () => {
  const requests: unknown[] = [];
  await using observer = createConnectionPool(postgres.url);
  await using db = poolWith(({host, port, signal}) => {
    assert.ok(!signal.aborted);
    requests.push([host, port]);
    return tunnel();
  });
  await Promise.all([db.query(sql`SELECT 1`), db.query(sql`SELECT 2`)]);
  const opened = requests.length;
  const controller = new AbortController();
  const slow = db.query(sql`SELECT pg_sleep(61)`, {signal: controller.signal});
  await whenRunning(observer, 'pg_sleep(61)');
  controller.abort();
  await assert.rejects(slow, {name: 'AbortError'});
  await whenNotRunning(observer, 'pg_sleep(61)');
  assert.ok(requests.length > opened);
  assert.deepEqual(requests[0], ['project.invalid', 77]);
});

const failures: readonly (readonly [string, SocketFunction, RegExp])[] = [
  ['throws', () => assert.fail('no route'), /socket function failed: no route/],
  ['rejects', () => Promise.reject(new Error('no route')), /socket function failed: no route/],
  ['gives no stream', () => Reflect.get({}, 'nothing'), /gave something that is not a Duplex/],
  [
    'gives a stream of text',
    () => new PassThrough({encoding: 'utf8'}),
    /gave a stream of objects or text/,
  ],
  ['gives a stream that has ended', () => new PassThrough().destroy(), /already destroyed/],
  ['gives a socket that is refused', () => connect(1, '127.0.0.1'), /ECONNREFUSED/],
];
for (const [what, socket, message] of failures) {
  test(`a function that ${what} is an error that says so, and the pool recovers`, async () => {
    let isBroken = true;
    await using db = poolWith((request) => (isBroken ? socket(request) : tunnel()));
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(error.message, /could not connect to project\.invalid:77/);
    assert.match(error.message, message);
    isBroken = false;
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
}

test('a function that takes too long is aborted, and the stream that it gives too late is destroyed', async () => {
  const late = new PassThrough();
  const closed = once(late, 'close');
  await using db = poolWith(
    async ({signal}) => {
      await once(signal, 'abort');
      return late;
    },
    'disable',
    {connectionTimeoutMilliseconds: 50},
  );
  assert.equal((await failureOf(db.query(sql`SELECT 1`))).code, 'PG_CONNECT_TIMEOUT');
  await closed;
});

test('a stream that ends takes its queries with it and no others', async () => {
  const streams: Duplex[] = [];
  await using db = poolWith(() => {
    const stream = tunnel();
    streams.push(stream);
    return stream;
  });
  await using observer = createConnectionPool(postgres.url);
  const slow = failureOf(db.query(sql`SELECT pg_sleep(62)`));
  await whenRunning(observer, 'pg_sleep(62)');
  for (const stream of streams) stream.destroy(new Error('tunnel collapsed'));
  const error = await slow;
  assert.equal(error.code, 'PG_CONNECTION_LOST');
  assert.match(error.message, /tunnel collapsed/);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('an idle socket of the function does not keep the process alive', async () => {
  for (const sslmode of ['disable', 'require']) {
    const {code, lines, errors} = await runProgram(
      urlWith(postgres.url, {parameters: {sslmode}}),
      `const db = createConnectionPool({connectionString: url,
         socket: ({host, port}) => require('node:net').connect(port, host)});
       await db.query(sql\`SELECT 1\`);
       process.on('exit', () => say(performance.now() < 20_000 ? 'ended' : 'late'));`,
    ).ended;
    assert.deepEqual({code, lines, errors}, {code: 0, lines: ['ended'], errors: ''});
  }
});
