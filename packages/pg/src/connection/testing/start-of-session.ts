/** The start of a session, as half of a conversation, with a nonce that is the same each time. */
import type {PgError} from '../../errors';
import {ByteWriter, FrameDecoder} from '../../protocol';
import {Authenticator} from '../handshake/authenticator';
import {Handshake} from '../handshake/handshake';
import {nodeCrypto} from '../handshake/node-crypto';
import type {Half} from './half';

export type StartKind = 'start' | 'start-scram';

/** Of the role that the recording logs in as; the recorder stores its password with one iteration. */
export const RECORDED_PASSWORD = 'recorded';

export function startOf(kind: StartKind): Half {
  const writer = new ByteWriter();
  const decoder = new FrameDecoder();
  const authenticator = new Authenticator(
    {
      user: kind,
      password: RECORDED_PASSWORD,
      confidential: false,
      allowCleartextPasswordWithoutTls: false,
      allowMd5PasswordWithoutTls: true,
      maxScramIterations: 100_000,
      requireAuth: undefined,
      channelBinding: 'prefer',
      certificate: undefined,
      target: 'recorded:5432',
    },
    {
      ...nodeCrypto,
      nonce: () => 'the-same-nonce-each-time',
      // Whatever the server asks for: the time belongs to the parser.
      deriveKeys: (password, salt) => nodeCrypto.deriveKeys?.(password, salt, 1) ?? never(),
    },
  );
  const handshake = new Handshake(writer, authenticator);
  handshake.start(
    [
      ['user', kind],
      ['database', 'postgres'],
    ],
    {
      minProtocolVersion: '3.0',
      maxProtocolVersion: 'latest',
    },
  );
  let over = false;
  return {
    async receive(bytes) {
      decoder.push(bytes, 0, bytes.length);
      while (!over && decoder.next()) {
        const {tag, buffer, start, end} = decoder;
        const step = handshake.receive(tag, buffer, start, end);
        if (step === 'read') continue;
        if (step === 'done') over = true;
        else {
          // What was recorded behind the request came after the answer to it.
          if (step !== 'write') await step;
          handshake.answered();
        }
      }
    },
    take: () => writer.take(),
    get done() {
      return over;
    },
    end: (reason: PgError) => [
      over ? `${handshake.phase} ${JSON.stringify([...handshake.parameters])}` : reason.name,
    ],
  };
}

function never(): never {
  throw new Error('the keys are derived by node-crypto.ts');
}
