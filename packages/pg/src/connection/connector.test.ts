import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import type {TestContext} from 'node:test';
import {resolveConfig, resolvePoolOptions} from '../config';
import type {ConnectionPoolConfig} from '../config';
import {
  AuthenticationError,
  ConnectionError,
  DatabaseError,
  ProtocolError,
  TimeoutError,
} from '../errors';
import {ByteWriter} from '../protocol';
import {
  FrontendDecoder,
  ScriptedBackend,
  writeAuthentication,
  writeErrorResponse,
} from '../protocol/testing';
import type {BackendScript} from '../protocol/testing';
import type {Connection} from './connection';
import {Connector} from './connector';
import {freePort, serve, serveScript} from './socket-server.test.support';

const script: BackendScript = {query: () => ({})};
const SECRET = 'not to be seen';

/** `addresses`: what every host is found at when it is looked up. */
function connectorTo(
  t: TestContext,
  ports: readonly number[],
  options: ConnectionPoolConfig<never> = {},
  {
    host = '127.0.0.1',
    addresses = ['127.0.0.1'],
    query = '',
    ssl = false,
  }: {
    readonly host?: string;
    readonly addresses?: readonly string[];
    readonly query?: string;
    readonly ssl?: false | 'prefer';
  } = {},
) {
  const config = resolveConfig(
    {
      connectionString: query === '' ? false : `postgres://?${query}`,
      host: ports.map(() => host),
      port: [...ports],
      user: 'u',
      password: SECRET,
      database: 'd',
      ssl,
    },
    {env: {}, readFile: () => undefined, homedir: undefined, username: 'u'},
  );
  const closes: (Error | undefined)[] = [];
  const connector = new Connector(
    config,
    resolvePoolOptions<never>(options),
    {
      closed: (_, error) => closes.push(error),
      notice: () => {},
      notification: () => {},
    },
    undefined,
    {
      now: () => performance.now(),
      random: Math.random,
      lookUp: () => Promise.resolve([...addresses]),
    },
  );
  const open = async (): Promise<Connection> => {
    const connection = await connector.open();
    t.after(() => connection.destroy(new Error('the test is over')));
    return connection;
  };
  return {open, closes};
}

/** A server that refuses each session with this SQLSTATE. */
async function refusing(t: TestContext, code: string) {
  const writer = new ByteWriter();
  writeErrorResponse(writer, {severityNonLocalized: 'FATAL', code, message: `refused: ${code}`});
  const refusal = writer.take();
  return serve(t, (socket) => socket.once('data', () => socket.end(refusal)));
}

test('a connection is opened with what the server said of itself', async (t) => {
  const {port, backends} = await serveScript(t, {
    ...script,
    parameterStatus: {server_version: '18.1'},
    processId: 7,
  });
  const connection = await connectorTo(t, [port]).open();
  assert.equal(connection.target, `127.0.0.1:${port}`);
  assert.equal(connection.backendKey?.processId, 7);
  assert.equal(connection.session.parameters.get('server_version'), '18.1');
  assert.equal(connection.phase, 'open');
  const [startup] = backends[0]?.received ?? [];
  assert.ok(startup?.kind === 'StartupMessage');
  const parameters = new Map(startup.parameters);
  assert.equal(parameters.get('user'), 'u');
  assert.equal(parameters.get('database'), 'd');
  assert.equal(parameters.get('client_encoding'), 'UTF8');
});

test('hosts are tried in order, and the one that answered is tried first the next time', async (t) => {
  const full = await refusing(t, '53300');
  const [first, second] = [await serveScript(t, script), await serveScript(t, script)];
  const {open} = connectorTo(t, [full.port, first.port, second.port]);
  for (let i = 0; i < 3; i++) assert.equal((await open()).target, `127.0.0.1:${first.port}`);
  assert.equal(full.sockets.length, 1);
  assert.equal(second.sockets.length, 0);
});

test('when the host that answered last has gone away, the others are tried again', async (t) => {
  let full = true;
  const writer = new ByteWriter();
  writeErrorResponse(writer, {severityNonLocalized: 'FATAL', code: '53300', message: 'full'});
  const refusal = writer.take();
  const roomLater = await serve(t, (socket) => {
    const backend = new ScriptedBackend(script);
    socket.on('data', (bytes) => socket.write(full ? refusal : backend.receive(bytes)));
  });
  let gone = false;
  const leaves = await serve(t, (socket) => {
    const backend = new ScriptedBackend(script);
    socket.on(
      'data',
      (bytes) => void (gone ? socket.destroy() : socket.write(backend.receive(bytes))),
    );
  });
  const {open} = connectorTo(t, [roomLater.port, leaves.port]);
  assert.equal((await open()).target, `127.0.0.1:${leaves.port}`);
  [full, gone] = [false, true];
  assert.equal((await open()).target, `127.0.0.1:${roomLater.port}`);
});

test('when no host answers the error lists them, with what to do', async (t) => {
  const [a, b] = [await freePort(), await freePort()];
  await assert.rejects(
    connectorTo(t, [a, b]).open(),
    (error) =>
      error instanceof ConnectionError &&
      error.code === 'PG_CONNECT_FAILED' &&
      error.sent === 'no' &&
      error.message.includes(`127.0.0.1:${a}`) &&
      error.message.includes(`127.0.0.1:${b}`) &&
      error.message.includes('nothing listens there'),
  );
});

for (const code of ['28P01', '28000', '3D000']) {
  test(`a server that refuses with ${code} gives the answer of all of them`, async (t) => {
    const refuser = await refusing(t, code);
    const other = await serveScript(t, script);
    await assert.rejects(
      connectorTo(t, [refuser.port, other.port]).open(),
      (error) =>
        error instanceof DatabaseError && error.code === code && !error.message.includes(SECRET),
    );
    assert.equal(other.sockets.length, 0);
  });
}

test('a refused password is not tried again without TLS, and a refused way to connect is', async (t) => {
  for (const [code, ways] of [
    ['28P01', 1],
    ['28000', 2],
  ] as const) {
    const writer = new ByteWriter();
    writeErrorResponse(writer, {severityNonLocalized: 'FATAL', code, message: 'refused'});
    const refusal = writer.take();
    let startups = 0;
    const {port} = await serve(t, (socket) => {
      // No TLS, says the first answer; the second is to the startup message, whichever it is.
      socket.on('data', (bytes) => {
        if (bytes.length === 8) return void socket.write('N');
        startups++;
        socket.end(refusal);
      });
    });
    const {open} = connectorTo(t, [port], {}, {ssl: 'prefer'});
    await assert.rejects(open(), {code});
    assert.equal(startups, ways);
  }
});

test('a server that has no room or is starting up is passed over', async (t) => {
  for (const code of ['53300', '57P03']) {
    const refuser = await refusing(t, code);
    const other = await serveScript(t, script);
    const connection = await connectorTo(t, [refuser.port, other.port]).open();
    assert.equal(connection.target, `127.0.0.1:${other.port}`);
  }
});

test('a server that wants the password in the clear is not hidden behind the next host', async (t) => {
  const writer = new ByteWriter();
  writeAuthentication(writer, {kind: 'cleartext'});
  const asks = writer.take();
  const greedy = await serve(t, (socket) => socket.once('data', () => socket.write(asks)));
  await assert.rejects(
    connectorTo(t, [greedy.port, await freePort()]).open(),
    (error) => error instanceof AuthenticationError && error.code === 'PG_AUTHENTICATION_REFUSED',
  );
});

test('garbage instead of an answer is a protocol error that gives nothing away', async (t) => {
  const {port} = await serve(t, (socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  await assert.rejects(
    connectorTo(t, [port]).open(),
    (error) => error instanceof ProtocolError && !error.message.includes(SECRET),
  );
});

test('a server that hangs up during startup is an error at once', async (t) => {
  const {port} = await serve(t, (socket) => socket.once('data', () => socket.end()));
  await assert.rejects(
    connectorTo(t, [port]).open(),
    (error) =>
      error instanceof ConnectionError &&
      /closed the connection during startup/.test(error.message),
  );
});

test('the deadline covers a server that accepts and says nothing, at any point', async (t) => {
  const writer = new ByteWriter();
  writeAuthentication(writer, {kind: 'ok'});
  const half = writer.take();
  const closes: Promise<unknown>[] = [];
  for (const says of [Buffer.alloc(0), half, half.subarray(0, 3)]) {
    const {port} = await serve(t, (socket) => {
      closes.push(once(socket, 'close'));
      socket.on('data', () => socket.write(says));
    });
    await assert.rejects(
      connectorTo(t, [port], {connectionTimeoutMilliseconds: 30}).open(),
      (error) =>
        error instanceof TimeoutError &&
        error.code === 'PG_CONNECT_TIMEOUT' &&
        error.message.includes('30 ms'),
    );
  }
  await Promise.all(closes);
});

test('a cancel request goes over a connection of its own, with the key of the one it is about', async (t) => {
  const secretKey = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
  const {port, backends} = await serveScript(t, {...script, processId: 7, secretKey});
  const connection = await connectorTo(t, [port]).open();
  await connection.cancel();
  assert.equal(backends.length, 2);
  assert.deepEqual(backends[1]?.received, [{kind: 'CancelRequest', processId: 7, secretKey}]);
  assert.equal(connection.phase, 'open');
});

test('a cancel request that cannot be delivered rejects nobody', async (t) => {
  let connections = 0;
  const {port} = await serve(t, (socket) => {
    connections++;
    if (connections > 1) return void socket.destroy();
    const decoder = new FrontendDecoder();
    socket.on('data', (bytes) => {
      if (decoder.receive(bytes).length === 0) return;
      const writer = new ByteWriter();
      writeAuthentication(writer, {kind: 'ok'});
      writer.bytes(Buffer.from('K\0\0\0\u000c\0\0\0\u0001\u0001\u0002\u0003\u0004', 'latin1'));
      writer.bytes(Buffer.from('Z\0\0\0\u0005I'));
      socket.write(writer.take());
    });
  });
  const connection = await connectorTo(t, [port]).open();
  await connection.cancel();
  assert.equal(connections, 2);
  assert.equal(connection.cancelUnderWay, undefined);
});

test('the addresses of a name are tried in turn, and a cancel request goes to the one that answered', async (t) => {
  const {port, backends} = await serveScript(t, {...script, processId: 7});
  const connection = await connectorTo(
    t,
    [port],
    {},
    {
      host: 'db.example',
      addresses: ['::1', '127.0.0.1'],
    },
  ).open();
  assert.equal(connection.target, `db.example:${port} (127.0.0.1)`);
  await connection.cancel();
  assert.equal(backends.length, 2);
});

test('an error names the addresses that a name has', async (t) => {
  const port = await freePort();
  const {open} = connectorTo(t, [port], {}, {host: 'db.example', addresses: ['::1', '127.0.0.1']});
  await assert.rejects(open(), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /db\.example:\d+ \(::1\): /);
    assert.match(error.message, /db\.example:\d+ \(127\.0\.0\.1\): .*ECONNREFUSED/);
    return true;
  });
});

for (const [kind, standby] of [
  ['primary', 'f'],
  ['standby', 't'],
] as const) {
  test(`a pooler that does not report what it leads to is asked, and says: a ${kind}`, async (t) => {
    const {port, backends, sockets} = await serveScript(t, {
      parameterStatus: {server_version: '18.1'},
      query: () => ({columns: ['a', 'b'], rows: [[standby, standby === 't' ? 'on' : 'off']]}),
    });
    const wish = (target: string) =>
      connectorTo(t, [port], {}, {query: `target_session_attrs=${target}`}).open();
    const connection = await wish(kind);
    assert.equal(connection.phase, 'open');
    const kinds = backends[0]?.received.map((message) => message.kind);
    assert.deepEqual(kinds, ['StartupMessage', 'Query']);
    await assert.rejects(wish(kind === 'primary' ? 'standby' : 'read-write'), {
      code: 'PG_CONNECT_FAILED',
      message: new RegExp(`is a ${kind}`),
    });
    const [, refused] = sockets;
    assert.ok(refused);
    if (!refused.closed) await once(refused, 'close');
    assert.equal(backends[1]?.received.at(-1)?.kind, 'Terminate');
  });
}

test('a pooler that cannot say what it leads to is not taken for anything', async (t) => {
  const {port} = await serveScript(t, {
    parameterStatus: {server_version: '18.1'},
    query: () => ({error: {severityNonLocalized: 'ERROR', code: '42883', message: 'unknown'}}),
  });
  await assert.rejects(connectorTo(t, [port], {}, {query: 'target_session_attrs=primary'}).open(), {
    code: 'PG_CONNECT_FAILED',
    message: /does not say whether it is a standby/,
  });
});

test('a server that reports what it is is not asked', async (t) => {
  const {port, backends} = await serveScript(t, {
    ...script,
    parameterStatus: {in_hot_standby: 'off', default_transaction_read_only: 'off'},
  });
  await connectorTo(t, [port], {}, {query: 'target_session_attrs=primary'}).open();
  assert.deepEqual(
    backends[0]?.received.map(({kind}) => kind),
    ['StartupMessage'],
  );
});
