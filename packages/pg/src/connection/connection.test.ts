import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {test} from 'node:test';
import type {TestContext} from 'node:test';
import {ConnectionError, DatabaseError, ProtocolError} from '../errors';
import {ByteWriter, FrameDecoder} from '../protocol';
import type {BackendKeyData} from '../protocol';
import {writeErrorResponse} from '../protocol/testing';
import {FrontendDecoder} from '../protocol/testing';
import type {FrontendMessage} from '../protocol/testing';
import {Connection} from './connection';
import {SimpleQuery} from './exchanges/simple-query';
import {FlushQueue} from './flush-queue';
import type {Exchange, Outcome} from './session/exchange';
import {Phase} from './session/phase';
import {describeMessage} from './session/session.test.support';
import {serve} from './socket-server.test.support';
import {PreparedStatements} from './statements/prepared-statements';
import {Transport} from './transport';

const READY = Buffer.from('Z\0\0\0\u0005I');
const EMPTY_AND_READY = Buffer.concat([Buffer.from('I\0\0\0\u0004'), READY]);

/** A connection to a server that the test plays, whose turns of the event loop are the test's as well. */
async function connected(t: TestContext) {
  const messages: FrontendMessage[] = [];
  let heard: (() => void) | undefined;
  const {port, sockets} = await serve(t, (socket) => {
    const decoder = new FrontendDecoder('tagged');
    socket.on('data', (bytes) => {
      messages.push(...decoder.receive(bytes));
      heard?.();
    });
  });
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const writes: number[] = [];
  const refs: string[] = [];
  const write = socket.write.bind(socket);
  t.mock.method(socket, 'write', (bytes: Buffer) => {
    writes.push(bytes.length);
    return write(bytes);
  });
  t.mock.method(socket, 'ref', () => refs.push('ref'));
  t.mock.method(socket, 'unref', () => refs.push('unref'));
  const turns: (() => void)[] = [];
  const schedule = (flush: () => void) => turns.push(flush);
  const flushQueue = new FlushQueue({soon: schedule, endOfTurn: schedule});
  const closes: (Error | undefined)[] = [];
  const cancels: {key: BackendKeyData; delivered: () => void}[] = [];
  let hearClose: (() => void) | undefined;
  const whenClosed = new Promise<void>((resolve) => {
    hearClose = resolve;
  });
  const connection = new Connection(
    {
      transport: new Transport(socket, socket),
      writer: new ByteWriter(),
      decoder: new FrameDecoder(),
      statements: new PreparedStatements(10),
      parameters: new Map(),
      backendKey: {processId: 1, secretKey: Buffer.alloc(4)},
      flushQueue,
      host: {
        endpoint: {host: 'db', port: 5432},
        attempt: {
          server: 'db:5432',
          user: 'u',
          database: 'd',
          passwordSource: '',
          databaseSource: '',
          transactionTimeout: false,
        },
        password: undefined,
        trace: {
          serverAddress: 'db',
          serverPort: 5432,
          database: 'd',
          schema: undefined,
          poolName: 'db',
        },
      },
      resetOnRelease: 'auto',
      roundTripMilliseconds: 0,
      requestCancel: (key) => new Promise((resolve) => cancels.push({key, delivered: resolve})),
    },
    {
      closed: (_, error) => {
        closes.push(error);
        hearClose?.();
      },
      notice: () => {},
      notification: () => {},
    },
  );
  t.after(() => socket.destroy());
  return {
    connection,
    flushQueue,
    writes,
    refs,
    closes,
    whenClosed,
    cancels,
    messages,
    flush: () => turns.splice(0).forEach((turn) => turn()),
    /** Waits until the server has this many messages. */
    serverHas: async (count: number) => {
      while (messages.length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
    server: () => {
      const [only] = sockets;
      assert.ok(only);
      return only;
    },
  };
}

interface Sent {
  readonly exchange: SimpleQuery;
  readonly ended: Promise<Error | undefined>;
}

function emptyQuery(): Sent {
  let exchange: SimpleQuery | undefined;
  const ended = new Promise<Error | undefined>((resolve) => {
    exchange = new SimpleQuery('', (error) => resolve(error));
  });
  assert.ok(exchange);
  return {exchange, ended};
}

function sendTo(connection: Connection, count: number): Sent[] {
  return Array.from({length: count}, () => {
    const sent = emptyQuery();
    connection.send(sent.exchange);
    return sent;
  });
}

test('everything that is sent in one turn goes out in one write', async (t) => {
  const {connection, writes, flush, server, serverHas} = await connected(t);
  const sent = sendTo(connection, 5);
  assert.deepEqual(writes, []);
  flush();
  assert.equal(writes.length, 1);
  await serverHas(5);
  server().write(Buffer.concat(Array.from({length: 5}, () => EMPTY_AND_READY)));
  assert.deepEqual(await Promise.all(sent.map(({ended}) => ended)), Array(5).fill(undefined));
  flush();
  assert.equal(writes.length, 1);
});

test('a socket holds the process while work is in flight and only then', async (t) => {
  const {connection, refs, flush, server, serverHas} = await connected(t);
  assert.deepEqual(refs, ['unref']);
  const [first, second] = sendTo(connection, 2);
  assert.deepEqual(refs, ['unref', 'ref']);
  flush();
  await serverHas(2);
  server().write(EMPTY_AND_READY);
  await first?.ended;
  assert.deepEqual(refs, ['unref', 'ref']);
  server().write(EMPTY_AND_READY);
  await second?.ended;
  assert.deepEqual(refs, ['unref', 'ref', 'unref']);
});

test('a connection counts as busy while work is in flight, however that ends', async (t) => {
  const {connection, flushQueue, flush, server, serverHas} = await connected(t);
  assert.equal(flushQueue.busy, 0);
  const [first] = sendTo(connection, 1);
  assert.equal(flushQueue.busy, 1);
  flush();
  await serverHas(1);
  server().write(EMPTY_AND_READY);
  await first?.ended;
  assert.equal(flushQueue.busy, 0);
  // The answer to one destroys the connection under two more.
  const last = new SimpleQuery('', () => connection.destroy(new Error('enough')));
  connection.send(last);
  const [other] = sendTo(connection, 1);
  flush();
  await serverHas(3);
  server().write(EMPTY_AND_READY);
  assert.ok((await other?.ended) instanceof ConnectionError);
  assert.equal(flushQueue.busy, 0);
});

test('when the connection is lost, what was not flushed was not sent, and the rest maybe', async (t) => {
  const {connection, flush, server, serverHas, closes, whenClosed} = await connected(t);
  const [flushed] = sendTo(connection, 1);
  flush();
  await serverHas(1);
  const [unflushed] = sendTo(connection, 1);
  server().destroy();
  await whenClosed;
  const errors = [await flushed?.ended, await unflushed?.ended];
  assert.ok(errors.every((error) => error instanceof ConnectionError));
  assert.deepEqual(
    errors.map((error) => error instanceof ConnectionError && [error.code, error.sent]),
    [
      ['PG_CONNECTION_LOST', 'maybe'],
      ['PG_CONNECTION_LOST', 'no'],
    ],
  );
  assert.equal(connection.phase, 'closed');
  assert.equal(closes.length, 1);
  assert.ok(closes[0] instanceof ConnectionError);
});

test('why a server ended the session is the error of what was in flight', async (t) => {
  const {connection, flush, server, serverHas} = await connected(t);
  const [sent] = sendTo(connection, 1);
  flush();
  await serverHas(1);
  const farewell = new ByteWriter();
  writeErrorResponse(farewell, {
    severityNonLocalized: 'FATAL',
    code: '57P01',
    message: 'terminating connection due to administrator command',
  });
  server().end(farewell.take());
  const error = await sent?.ended;
  assert.ok(error instanceof DatabaseError);
  assert.equal(error.code, '57P01');
  assert.equal(error.sent, 'maybe');
});

test('bytes that are not the protocol end the connection with everything in flight', async (t) => {
  const {connection, flush, server, serverHas, whenClosed, closes} = await connected(t);
  const sent = sendTo(connection, 2);
  flush();
  await serverHas(2);
  server().write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await whenClosed;
  for (const {ended} of sent) {
    const error = await ended;
    assert.ok(error instanceof ProtocolError);
    assert.equal(error.sent, 'maybe');
  }
  assert.ok(closes[0] instanceof ProtocolError);
});

test('what is sent on a connection that is over is lost at once, and was not sent', async (t) => {
  const {connection, whenClosed} = await connected(t);
  connection.destroy(new Error('broken by the test'));
  await whenClosed;
  const {exchange, ended} = emptyQuery();
  assert.equal(connection.send(exchange), false);
  const error = await ended;
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.sent, 'no');
  assert.match(error.message, /db:5432.*broken by the test/);
});

test('destroying ends what is in flight at once, and says closed once', async (t) => {
  const {connection, flushQueue, flush, closes} = await connected(t);
  const [sent] = sendTo(connection, 1);
  flush();
  connection.destroy(new Error('enough'));
  connection.destroy(new Error('again'));
  assert.match(String(await sent?.ended), /enough/);
  assert.equal(flushQueue.busy, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(closes.length, 1);
});

test('closing says Terminate, and is no error', async (t) => {
  const {connection, messages, closes, whenClosed, serverHas} = await connected(t);
  connection.close();
  connection.close();
  await serverHas(1);
  assert.deepEqual(messages.map(describeMessage), ['Terminate']);
  await whenClosed;
  assert.deepEqual(closes, [undefined]);
});

test('closing does not send what it then says was not sent', async (t) => {
  const {connection, messages, whenClosed, serverHas} = await connected(t);
  const [sent] = sendTo(connection, 1);
  connection.close();
  await serverHas(1);
  await whenClosed;
  const error = await sent?.ended;
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.sent, 'no');
  assert.deepEqual(messages.map(describeMessage), ['Terminate']);
});

test('one cancel request is on its way at a time, and nothing is being cancelled once it is idle', async (t) => {
  const {connection, cancels, flush, server, serverHas} = await connected(t);
  const [sent] = sendTo(connection, 1);
  flush();
  const [first, second] = [connection.cancel(), connection.cancel()];
  assert.equal(cancels.length, 1);
  assert.equal(cancels[0]?.key.processId, 1);
  assert.equal(first, second);
  assert.equal(connection.session.cancelling, true);
  await serverHas(1);
  server().write(EMPTY_AND_READY);
  await sent?.ended;
  assert.equal(connection.session.cancelling, true, 'the request may still arrive');
  assert.notEqual(connection.cancelUnderWay, undefined);
  cancels[0]?.delivered();
  await first;
  assert.equal(connection.cancelUnderWay, undefined);
  assert.equal(connection.session.cancelling, false);
});

test('what is sent while a cancel request is on its way waits until it has arrived', async (t) => {
  const {connection, cancels, flush, server, serverHas, messages} = await connected(t);
  const [first] = sendTo(connection, 1);
  flush();
  const cancelled = connection.cancel();
  const [second] = sendTo(connection, 1);
  await serverHas(1);
  server().write(EMPTY_AND_READY);
  await first?.ended;
  assert.equal(connection.inFlight, 0);
  cancels[0]?.delivered();
  await cancelled;
  assert.equal(connection.inFlight, 1);
  assert.equal(messages.length, 1);
  flush();
  await serverHas(2);
  server().write(EMPTY_AND_READY);
  await second?.ended;
});

test('a cancel request that overtook its query is sent again for as long as that runs', async (t) => {
  const {connection, cancels, flush, server, serverHas} = await connected(t);
  t.mock.timers.enable({apis: ['setTimeout']});
  const [first, second] = sendTo(connection, 2);
  flush();
  void connection.cancel();
  for (const [index, milliseconds] of [1000, 2000, 4000].entries()) {
    cancels[index]?.delivered();
    await connection.cancelUnderWay;
    t.mock.timers.tick(milliseconds - 1);
    assert.equal(cancels.length, index + 1);
    t.mock.timers.tick(1);
    assert.equal(cancels.length, index + 2);
  }
  cancels.at(-1)?.delivered();
  await serverHas(2);
  server().write(EMPTY_AND_READY);
  await first?.ended;
  t.mock.timers.tick(60_000);
  assert.equal(cancels.length, 4, 'the next query is not what was meant');
  server().write(EMPTY_AND_READY);
  await second?.ended;
});

test('what waits for a cancel request when the connection is lost was not sent', async (t) => {
  const {connection, cancels} = await connected(t);
  void connection.cancel();
  const [waiting] = sendTo(connection, 1);
  connection.destroy(new Error('enough'));
  const error = await waiting?.ended;
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.sent, 'no');
  cancels[0]?.delivered();
});

test('an exchange that wants to know is told when the server is at it', async (t) => {
  const {connection, flush, server, serverHas} = await connected(t);
  class Curious implements Exchange {
    startedTimes = 0;
    started = () => {
      this.startedTimes++;
    };
    write(session: {writer: ByteWriter}): Phase {
      session.writer.bytes(Buffer.from('S\0\0\0\u0004'));
      return Phase.syncing;
    }
    row(): void {}
    receive(): Phase {
      return Phase.syncing;
    }
    failed(): void {}
    ready(): Outcome {
      return 'done';
    }
    lost(): void {}
  }
  const [first] = sendTo(connection, 1);
  const curious = new Curious();
  connection.send(curious);
  flush();
  await serverHas(2);
  assert.equal(curious.startedTimes, 0);
  server().write(EMPTY_AND_READY);
  await first?.ended;
  assert.equal(curious.startedTimes, 1);
});
