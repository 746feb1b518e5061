/**
 * The server of SCRAM-SHA-256, for tests: it checks the client's proof and proves itself.
 *
 * Not for production: it holds the password, and derives keys synchronously.
 */
import {saslprep} from '../auth/saslprep';
import type {ScramCrypto} from '../auth/scram';

export interface ScramServerOptions {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** What the server adds to the client's nonce. */
  readonly nonce: string;
  readonly crypto: Pick<ScramCrypto, 'hmac' | 'sha256'> & {
    pbkdf2Sync(password: string, salt: Uint8Array, iterations: number): Buffer;
  };
  /** The data of the channel binding that a `p=` client has to show. */
  readonly channelBindingData?: Uint8Array;
}

const clientFirstPattern = /^(?<header>(?:n|y|p=[^,]+),[^,]*,)(?<bare>n=[^,]*,r=(?<nonce>[^,]+))$/;
const clientFinalPattern =
  /^(?<withoutProof>c=(?<binding>[^,]+),r=(?<nonce>[^,]+)),p=(?<proof>[^,]+)$/;

function match(pattern: RegExp, message: Buffer): Record<string, string | undefined> {
  const groups = pattern.exec(message.toString('utf8'))?.groups;
  if (groups === undefined) throw new Error('The client sent a malformed SCRAM message');
  return groups;
}

export class ScramServer {
  readonly #options: ScramServerOptions;
  #header = '';
  #firstBare = '';
  #serverFirst = '';
  #nonce = '';

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  /** Answers the client-first message with the server-first message. */
  first(clientFirst: Buffer): Buffer {
    const {header, bare, nonce} = match(clientFirstPattern, clientFirst);
    const {salt, iterations} = this.#options;
    this.#header = header ?? '';
    this.#firstBare = bare ?? '';
    this.#nonce = `${nonce ?? ''}${this.#options.nonce}`;
    this.#serverFirst = `r=${this.#nonce},s=${Buffer.from(salt).toString('base64')},i=${iterations}`;
    return Buffer.from(this.#serverFirst, 'utf8');
  }

  /** Answers the client-final message with the server-final message; undefined: the proof is wrong. */
  final(clientFinal: Buffer): Buffer | undefined {
    const {withoutProof, binding, nonce, proof} = match(clientFinalPattern, clientFinal);
    const {crypto, password, salt, iterations} = this.#options;
    const salted = crypto.pbkdf2Sync(saslprep(password), salt, iterations);
    const clientKey = crypto.hmac(salted, Buffer.from('Client Key'));
    const storedKey = crypto.sha256(clientKey);
    const authMessage = Buffer.from(
      `${this.#firstBare},${this.#serverFirst},${withoutProof ?? ''}`,
      'utf8',
    );
    const signature = crypto.hmac(storedKey, authMessage);
    const shown = Buffer.from(proof ?? '', 'base64').map(
      (byte, index) => byte ^ (signature[index] ?? 0),
    );
    const isRight =
      nonce === this.#nonce &&
      this.#expectedBinding().equals(Buffer.from(binding ?? '', 'base64')) &&
      storedKey.equals(crypto.sha256(shown));
    if (!isRight) return undefined;
    const serverKey = crypto.hmac(salted, Buffer.from('Server Key'));
    return Buffer.from(`v=${crypto.hmac(serverKey, authMessage).toString('base64')}`, 'utf8');
  }

  #expectedBinding(): Buffer {
    const header = Buffer.from(this.#header, 'utf8');
    const data = this.#options.channelBindingData ?? Buffer.alloc(0);
    return this.#header.startsWith('p=') ? Buffer.concat([header, data]) : header;
  }
}
