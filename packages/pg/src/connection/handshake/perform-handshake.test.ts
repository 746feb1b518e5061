import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import {test} from 'node:test';
import {ByteWriter, FrameDecoder} from '../../protocol';
import {assertCollected} from '../collected.test.support';
import {serve} from '../socket-server.test.support';
import {openTransport} from '../transport';
import {performHandshake} from './perform-handshake';

const never = new AbortController().signal;
const READY = 'Z\0\0\0\u0005I';
const NOTICE = 'N\0\0\0\u0008note';

function open(port: number, signal: AbortSignal = never) {
  return openTransport(
    {
      endpoint: {host: '127.0.0.1', port},
      tls: {use: 'no', direct: false, sni: true, options: {}},
      keepAlive: false,
      keepAliveInitialDelayMilliseconds: 0,
      socket: undefined,
    },
    signal,
  );
}

test('what comes right behind the handshake is not overwritten by what other connections read', async (t) => {
  const greeting = await serve(t, (socket) => socket.write(READY + NOTICE));
  const noisy = await serve(t, (socket) => socket.write('R'.repeat(100)));
  const decoder = new FrameDecoder();
  const transport = await open(greeting.port);
  await performHandshake({receive: () => 'done'}, transport, new ByteWriter(), decoder, never);
  const other = await open(noisy.port);
  await new Promise<void>((resolve) => {
    other.listen({bytes: () => resolve(), closed: () => resolve()});
  });
  assert.ok(decoder.next());
  assert.equal(decoder.buffer.toString('latin1', decoder.start, decoder.end), 'note');
  transport.destroy();
  other.destroy();
});

test('once it is over, the signal keeps nothing of the handshake', async (t) => {
  const greeting = await serve(t, (socket) => socket.write(READY));
  const {signal} = new AbortController();
  const transport = await open(greeting.port, signal);
  const decoder = new FrameDecoder();
  await performHandshake({receive: () => 'done'}, transport, new ByteWriter(), decoder, signal);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  transport.destroy();
});

test('an open connection does not keep the signal by which opening it could be given up', async (t) => {
  const greeting = await serve(t, (socket) => socket.write(READY));
  const opened = async () => {
    const {signal} = new AbortController();
    return {transport: await open(greeting.port, signal), signal: new WeakRef(signal)};
  };
  const {transport, signal} = await opened();
  await assertCollected(signal);
  transport.destroy();
});

test('a transport that is closed, and its socket, do not keep who listened', async (t) => {
  const greeting = await serve(t, (socket) => socket.write(READY));
  const transport = await open(greeting.port);
  const listenUntilClosed = () =>
    new Promise<WeakRef<object>>((resolve) => {
      const events = {bytes: () => transport.destroy(), closed: () => resolve(new WeakRef(events))};
      transport.listen(events);
    });
  await assertCollected(await listenUntilClosed());
  assert.equal(transport.open, false);
});

test('what comes together with a request was said before the answer', async (t) => {
  const greeting = await serve(t, (socket) => socket.write(READY + NOTICE));
  const transport = await open(greeting.port);
  const steps: string[] = [];
  const handshake = {
    receive: () => (steps.push('received') === 1 ? ('write' as const) : ('done' as const)),
    answered: () => void steps.push('answered'),
  };
  await performHandshake(handshake, transport, new ByteWriter(), new FrameDecoder(), never);
  assert.deepEqual(steps, ['received', 'received']);
  transport.destroy();
});

test('an answer that is written at once is sent', async (t) => {
  const greeting = await serve(t, (socket) => {
    socket.write(READY);
    socket.once('data', () => socket.write(NOTICE));
  });
  const transport = await open(greeting.port);
  const writer = new ByteWriter();
  const steps: string[] = [];
  const handshake = {
    receive(tag: number, _buffer: Buffer, start: number, end: number) {
      steps.push(`${String.fromCharCode(tag)} of ${end - start}`);
      if (steps.length > 1) return 'done';
      writer.end(writer.begin('p'.charCodeAt(0)));
      return 'write';
    },
    answered: () => void steps.push('answered'),
  } as const;
  await performHandshake(handshake, transport, writer, new FrameDecoder(), never);
  assert.deepEqual(steps, ['Z of 1', 'answered', 'N of 4']);
  transport.destroy();
});
