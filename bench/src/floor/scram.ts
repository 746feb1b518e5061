/**
 * SCRAM-SHA-256 with the least code on node:crypto: the keys are derived once per password, salt and cost, the server's
 * proof is checked, and over TLS the proof is bound to the certificate (SCRAM-SHA-256-PLUS), as ours does it.
 *
 * It is for the servers of the bench only: certificates signed with SHA-256, passwords in ASCII.
 */
import {createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual} from 'node:crypto';
import {int32, message} from '../wire-bytes';

const saslRequest = 10;
const saslContinue = 11;
const saslFinal = 12;

interface Keys {
  readonly client: Buffer;
  readonly stored: Buffer;
  readonly server: Buffer;
}

const knownKeys = new Map<string, Keys>();

export class FloorLogin {
  readonly #password: string;
  /** Base64 of the GS2 header and what the proof is bound to. */
  readonly #binding: string;
  readonly #header: string;
  readonly #mechanism: string;
  readonly #bare = `n=,r=${randomBytes(18).toString('base64')}`;
  #proof: Buffer = Buffer.alloc(0);

  /** @param certificate The server's in DER, where the connection is encrypted. */
  constructor(password: string, certificate: Buffer | undefined) {
    this.#password = password;
    this.#header = certificate === undefined ? 'n,,' : 'p=tls-server-end-point,,';
    this.#mechanism = certificate === undefined ? 'SCRAM-SHA-256' : 'SCRAM-SHA-256-PLUS';
    const bound = certificate && createHash('sha256').update(certificate).digest();
    this.#binding = Buffer.concat([Buffer.from(this.#header), ...(bound ? [bound] : [])]).toString(
      'base64',
    );
  }

  /** What to send in answer to the body of an Authentication message; undefined: nothing. */
  answer(bytes: Buffer, start: number, end: number): Buffer | undefined {
    const said = () => bytes.toString('latin1', start + 4, end);
    switch (bytes.readInt32BE(start)) {
      case saslRequest: {
        const first = Buffer.from(this.#header + this.#bare);
        return message('p', Buffer.from(`${this.#mechanism}\0`), int32(first.length), first);
      }
      case saslContinue:
        return message('p', Buffer.from(this.#continue(said())));
      case saslFinal:
        if (!timingSafeEqual(Buffer.from(said().slice(2), 'base64'), this.#proof))
          throw new Error('the server does not know the password');
        return undefined;
      default:
        return undefined;
    }
  }

  #continue(said: string): string {
    const [nonce = '', salt = '', iterations = ''] = said.split(',').map((part) => part.slice(2));
    if (!nonce.startsWith(this.#bare.slice(5))) throw new Error('the nonce is not ours');
    const keys = keysOf(this.#password, salt, Number(iterations));
    const withoutProof = `c=${this.#binding},r=${nonce}`;
    const all = `${this.#bare},${said},${withoutProof}`;
    const signature = hmac(keys.stored, all);
    this.#proof = hmac(keys.server, all);
    const proof = signature.map((byte, index) => byte ^ (keys.client[index] ?? 0));
    return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`;
  }
}

function keysOf(password: string, salt: string, iterations: number): Keys {
  const name = `${iterations},${salt},${password}`;
  const known = knownKeys.get(name);
  if (known !== undefined) return known;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, 32, 'sha256');
  const client = hmac(salted, 'Client Key');
  const stored = createHash('sha256').update(client).digest();
  const keys = {client, stored, server: hmac(salted, 'Server Key')};
  knownKeys.set(name, keys);
  return keys;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
