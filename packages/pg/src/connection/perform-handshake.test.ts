import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ByteWriter, FrameDecoder} from '../protocol';
import {performHandshake} from './perform-handshake';
import {serve} from './socket-server.test.support';
import {openTransport} from './transport';

const never = new AbortController().signal;
const READY = 'Z\0\0\0\u0005I';
const NOTICE = 'N\0\0\0\u0008note';

function open(port: number) {
  return openTransport(
    {
      endpoint: {host: '127.0.0.1', port},
      tls: {use: 'no', direct: false, sni: true, options: {}},
      keepAlive: false,
      keepAliveInitialDelayMilliseconds: 0,
      socket: undefined,
    },
    never,
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
