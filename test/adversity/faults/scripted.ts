/** Servers that leave the protocol, and what a client did when it met one. */
import {frame, int32} from '../../support/frames';
import {listen} from '../../support/ports';
import {startFakeServer} from '../rig/fake-server';
import type {FakeServer, FakeServerOptions} from '../rig/fake-server';
import type {FaultClient, Outcome} from './fault';
import {describe, isOk, within} from './outcome';
import type {Settled} from './outcome';

export const PASSWORD = 'correct-horse-battery';

export function withPassword({connectionString}: FakeServer): string {
  return connectionString.replace('fake@', `fake:${PASSWORD}@`);
}

/** The answer to the first query is replaced by `bytes`, or by what `send` does with the socket. */
export async function askHostile(
  client: FaultClient,
  replace: FakeServerOptions['hostile'] & {},
  judge: (settled: Settled<unknown>, server: FakeServer) => Outcome,
  milliseconds = 5000,
): Promise<Outcome> {
  let hit = false;
  const server = await startFakeServer({
    script: {query: () => ({columns: ['n'], rows: [['1']]})},
    hostile(answer, backend, socket) {
      const isAsked = backend.received.some(({kind}) => kind === 'Parse' || kind === 'Query');
      if (!isAsked || hit) return answer;
      hit = true;
      return replace(answer, backend, socket);
    },
  });
  const db = client.open({url: withPassword(server), max: 1});
  const settled = await within(milliseconds, db.query('SELECT n FROM somewhere'));
  return judge(settled, server);
}

/** Kept when the query ended with an error of the client and the process is there to say so. */
export function rejects(settled: Settled<unknown>): Outcome {
  return {kept: settled !== 'pending' && !isOk(settled), figure: describe(settled)};
}

/** A server that asks for SCRAM with so many iterations; `asked` is called when it does. */
export async function startCostlyServer(iterations: number, asked: () => void) {
  const listener = await listen((socket) => {
    let step = 0;
    socket.on('data', (bytes) => {
      if (bytes.length === 8) socket.write('N');
      else if (step++ === 0) {
        socket.write(frame('R', int32(10), 'SCRAM-SHA-256\0\0'));
      } else {
        const nonce = /r=([^,]+)/.exec(bytes.toString('latin1'))?.[1] ?? '';
        const text = `r=${nonce}more,s=${Buffer.from('salt of the earth').toString('base64')},i=${iterations}`;
        socket.write(frame('R', int32(11), text));
        asked();
      }
    });
  });
  return {
    url: `postgres://fake:${PASSWORD}@127.0.0.1:${listener.port}/fake`,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
