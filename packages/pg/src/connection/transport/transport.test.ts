import assert from 'node:assert/strict';
import {once} from 'node:events';
import type {Socket} from 'node:net';
import {Duplex} from 'node:stream';
import {test} from 'node:test';
import type {TestContext} from 'node:test';
import {ConnectionError, ProtocolError} from '../../errors';
import {freePort, serve} from '../socket-server.test.support';
import {openTransport} from './index';
import type {TlsPlan, Transport, TransportEvents} from './index';

const never = new AbortController().signal;

function open(port: number, use: TlsPlan['use'] = 'no', signal: AbortSignal = never) {
  return openTransport(
    {
      endpoint: {host: '127.0.0.1', port},
      tls: {use, direct: false, sni: true, options: {rejectUnauthorized: false}},
      keepAlive: false,
      socket: undefined,
      keepAliveInitialDelayMilliseconds: 0,
    },
    signal,
  );
}

/** A server that answers SSLRequest with these bytes, and nothing else. */
async function answersTls(t: TestContext, answer: string): Promise<number> {
  const {port} = await serve(t, (socket) => {
    socket.once('data', () => socket.write(answer));
  });
  return port;
}

function listening(transport: Transport) {
  const closes: (Error | undefined)[] = [];
  let received = '';
  const heard: {close: () => void; bytes: () => void} = {close: () => {}, bytes: () => {}};
  const events: TransportEvents = {
    bytes(buffer, start, end) {
      received += buffer.toString('latin1', start, end);
      heard.bytes();
    },
    closed(error) {
      closes.push(error);
      heard.close();
    },
  };
  transport.listen(events);
  return {
    closes,
    get received() {
      return received;
    },
    whenClosed: new Promise<void>((resolve) => {
      heard.close = resolve;
      if (closes.length > 0) resolve();
    }),
    whenBytes: new Promise<void>((resolve) => {
      heard.bytes = resolve;
    }),
  };
}

/** Two rounds of the event loop: what comes twice would have come by then. */
async function settle(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('the end is told when the server has closed its side, and not before', async (t) => {
  const server = {end: () => {}, heardEnd: () => {}};
  const asked = new Promise<void>((resolve) => (server.heardEnd = resolve));
  const {port} = await serve(t, (socket) => {
    socket.allowHalfOpen = true;
    server.end = () => void socket.end();
    socket.once('end', server.heardEnd).resume();
  });
  const transport = await open(port);
  const heard = listening(transport);
  transport.end(Buffer.from('X'));
  await asked;
  await settle();
  assert.deepEqual(heard.closes, []);
  server.end();
  await heard.whenClosed;
  assert.deepEqual(heard.closes, [undefined]);
});

test('a server that does not close its side is not waited for without end', async (t) => {
  const {port} = await serve(t, (socket) => {
    socket.allowHalfOpen = true;
    socket.resume();
  });
  const transport = await open(port);
  const heard = listening(transport);
  transport.end(Buffer.from('X'));
  await heard.whenClosed;
  assert.deepEqual(heard.closes, [undefined]);
});

test('bytes go to the server and come back', async (t) => {
  const {port} = await serve(t, (socket) => socket.pipe(socket));
  const transport = await open(port);
  assert.equal(transport.encrypted, false);
  const heard = listening(transport);
  transport.write(Buffer.from('ping'));
  await heard.whenBytes;
  assert.equal(heard.received, 'ping');
  transport.destroy();
  await heard.whenClosed;
});

test('a port on which nothing listens rejects with the reason of the network', async () => {
  await assert.rejects(open(await freePort()), {code: 'ECONNREFUSED'});
});

test('a server without TLS is an error where TLS was asked for, and plaintext where it may be', async (t) => {
  const port = await answersTls(t, 'N');
  await assert.rejects(
    open(port, 'always'),
    (error) => error instanceof ConnectionError && /does not offer TLS/.test(error.message),
  );
  const transport = await open(port, 'ifOffered');
  assert.equal(transport.encrypted, false);
  transport.destroy();
});

test(
  'plaintext in place of TLS that was not offered is read into the memory that all connections share',
  {skip: process.platform === 'win32'},
  async (t) => {
    const {port} = await serve(t, (socket) => {
      socket.once('data', () => {
        socket.write('N');
        socket.once('data', () => socket.write('hello'));
      });
    });
    const read = async () => {
      const transport = await open(port, 'ifOffered');
      const lent = await new Promise<{memory: Buffer; text: string}>((resolve) => {
        transport.listen({
          bytes: (buffer, start, end) =>
            resolve({memory: buffer, text: buffer.toString('latin1', start, end)}),
          closed: () => undefined,
        });
        transport.write(Buffer.from('?'));
      });
      transport.destroy();
      return lent;
    };
    const [first, second] = [await read(), await read()];
    assert.deepEqual([first.text, second.text], ['hello', 'hello']);
    assert.ok(first.memory === second.memory);
  },
);

test('the text of an error that came before TLS is not shown', async (t) => {
  const port = await answersTls(t, 'EFATAL: trust me');
  for (const use of ['always', 'ifOffered'] as const) {
    await assert.rejects(
      open(port, use),
      (error) => error instanceof ConnectionError && !error.message.includes('trust me'),
    );
  }
});

test('bytes behind the answer about TLS are refused, whatever the answer', async (t) => {
  for (const answer of ['SR\0\0\0\u0008\0\0\0\0', 'NR\0\0\0\u0008\0\0\0\0']) {
    const port = await answersTls(t, answer);
    await assert.rejects(
      open(port, 'ifOffered'),
      (error) => error instanceof ProtocolError && /not trusted/.test(error.message),
    );
  }
});

test('any other answer about TLS is not the protocol', async (t) => {
  await assert.rejects(open(await answersTls(t, 'H'), 'always'), ProtocolError);
});

test('a server that closes when it is asked for TLS is an error at once', async (t) => {
  const {port} = await serve(t, (socket) => socket.once('data', () => socket.end()));
  await assert.rejects(open(port, 'always'), /closed the connection when it was asked for TLS/);
});

test('a server that says yes to TLS and then does something else is an error', async (t) => {
  const {port} = await serve(t, (socket) => {
    socket.once('data', () => {
      socket.write('S');
      socket.once('data', () => socket.write('this is no TLS'));
    });
  });
  await assert.rejects(open(port, 'always'), {code: /^ERR_SSL/});
});

test('a server that closes during the TLS handshake is an error at once', async (t) => {
  const {port} = await serve(t, (socket) => {
    socket.once('data', () => {
      socket.write('S');
      socket.once('data', () => socket.destroy());
    });
  });
  await assert.rejects(open(port, 'always'), Error);
});

for (const [name, until] of [
  ['before it begins', (_socket: Socket) => undefined],
  ['while the answer about TLS is awaited', (_socket: Socket) => undefined],
  ['during the TLS handshake', (socket: Socket) => socket.write('S')],
] as const) {
  test(`aborting ${name} rejects with the reason and closes the socket`, async (t) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const closed: Promise<unknown>[] = [];
    const {port, sockets} = await serve(t, (socket) => {
      closed.push(once(socket, 'close'));
      socket.once('data', () => {
        until(socket);
        if (name !== 'during the TLS handshake') abort.abort(reason);
        else socket.once('data', () => abort.abort(reason));
      });
    });
    if (name === 'before it begins') abort.abort(reason);
    await assert.rejects(open(port, 'always', abort.signal), (error) => error === reason);
    await Promise.all(closed);
    assert.ok(sockets.every((socket) => socket.destroyed));
  });
}

test('closed is told once, whoever closes', async (t) => {
  const {port, sockets} = await serve(t, (socket) => socket.resume());
  for (const close of ['server ends', 'server resets', 'destroy', 'end']) {
    const transport = await open(port);
    const heard = listening(transport);
    const socket = sockets.at(-1);
    if (close === 'server ends') socket?.end();
    else if (close === 'server resets') socket?.resetAndDestroy();
    else if (close === 'destroy') transport.destroy();
    else transport.end(Buffer.from('bye'));
    await heard.whenClosed;
    transport.destroy();
    await settle();
    assert.equal(heard.closes.length, 1, close);
    assert.equal(heard.closes[0] !== undefined, close === 'server resets', close);
    assert.equal(transport.open, false);
    transport.write(Buffer.from('too late'));
    transport.end(Buffer.from('too late'));
  }
});

test('who listens to a transport that has closed already is told so', async (t) => {
  const {port, sockets} = await serve(t, (socket) => socket.resume());
  const transport = await open(port);
  const first = listening(transport);
  sockets[0]?.end();
  await first.whenClosed;
  const second = listening(transport);
  await second.whenClosed;
  assert.equal(first.closes.length, 1);
  assert.equal(second.closes.length, 1);
});

test('the last bytes arrive before the end', async (t) => {
  let received = '';
  const ends: Promise<unknown>[] = [];
  const {port} = await serve(t, (socket) => {
    socket.on('data', (bytes) => {
      received += bytes.toString();
    });
    ends.push(once(socket, 'end'));
  });
  const transport = await open(port);
  const heard = listening(transport);
  transport.write(Buffer.from('first '));
  transport.end(Buffer.from('last'));
  await heard.whenClosed;
  await Promise.all(ends);
  assert.equal(received, 'first last');
});

test('what the server says first waits for who listens', async (t) => {
  const {port} = await serve(t, (socket) => socket.write('SSH-2.0'));
  const transport = await open(port);
  await settle();
  const heard = listening(transport);
  await heard.whenBytes;
  assert.equal(heard.received, 'SSH-2.0');
  transport.destroy();
});

test('many transports read at the same time, each its own bytes', async (t) => {
  const {port} = await serve(t, (socket) => socket.pipe(socket));
  const transports = await Promise.all(Array.from({length: 8}, () => open(port)));
  const texts = transports.map((_, index) => String(index).repeat(300_000));
  await Promise.all(
    transports.map(async (transport, index) => {
      const text = texts[index] ?? '';
      let received = '';
      await new Promise<void>((resolve, reject) => {
        transport.listen({
          bytes(buffer, start, end) {
            received += buffer.toString('latin1', start, end);
            if (received.length >= text.length) resolve();
          },
          closed: (error) => reject(error ?? new Error('closed')),
        });
        transport.write(Buffer.from(text));
      });
      assert.ok(received === text);
    }),
  );
  for (const transport of transports) transport.destroy();
});

test('nothing is read while it is paused, and all of it afterwards', async (t) => {
  const {port, sockets} = await serve(t, (socket) => socket.resume());
  const transport = await open(port);
  const heard = listening(transport);
  await settle();
  transport.pause();
  sockets[0]?.write('while paused');
  await settle();
  assert.equal(heard.received, '');
  transport.resume();
  await heard.whenBytes;
  assert.equal(heard.received, 'while paused');
  transport.destroy();
});

test('a pause right behind the resume comes late by one read at most', async (t) => {
  const {port, sockets} = await serve(t, (socket) => socket.resume());
  const transport = await open(port);
  const heard = listening(transport);
  transport.pause();
  const text = 'x'.repeat(1_000_000);
  sockets[0]?.write(text);
  for (let i = 0; i < 10; i++) await settle();
  assert.ok(heard.received.length <= 65_536, `${heard.received.length} bytes came`);
  transport.resume();
  while (heard.received.length < text.length) await settle();
  transport.destroy();
});

test('lent memory is free when the kernel has taken all of it, and not before', async (t) => {
  const {port, sockets} = await serve(t, (socket) => socket.pause());
  const transport = await open(port);
  t.after(() => transport.destroy());
  listening(transport);
  // More than the buffers of both sides take while nobody reads.
  const bytes = Buffer.alloc(32 * 1024 * 1024, 'x');
  const freed: Buffer[] = [];
  const whenFree = new Promise<void>((resolve) => {
    transport.writeLent(bytes, (free) => {
      freed.push(free);
      resolve();
    });
  });
  for (let i = 0; i < 10; i++) await settle();
  assert.equal(freed.length, 0);
  assert.ok(transport.unsentBytes > 0);
  let received = 0;
  sockets[0]?.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  sockets[0]?.resume();
  await whenFree;
  assert.ok(freed[0] === bytes);
  while (received < bytes.length) await settle();
});

test('a stream of the program keeps what was written to it, whatever it says', async (t) => {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      done();
    },
  });
  const transport = await openTransport(
    {
      endpoint: {host: '127.0.0.1', port: 1},
      tls: {use: 'no', direct: false, sni: true, options: {}},
      keepAlive: false,
      socket: () => Promise.resolve(stream),
      keepAliveInitialDelayMilliseconds: 0,
    },
    never,
  );
  t.after(() => transport.destroy());
  transport.writeLent(Buffer.from('kept'), () => assert.fail('it is free'));
  await settle();
  assert.equal(Buffer.concat(written).toString(), 'kept');
});
