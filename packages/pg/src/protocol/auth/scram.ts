/**
 * The client of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), without I/O: messages in,
 * messages out. Randomness, hashes and the key derivation are injected.
 *
 * Invariants: nothing that depends on the password leaves before the server's nonce and cost were checked;
 * `complete` is true only after the server proved that it knows the password; every step is taken once.
 */
import {AuthenticationError} from '../../errors';
import {deriveScramKeys} from './scram-keys';
import type {DeriveScramKeys, ScramKeyCrypto, ScramKeys} from './scram-keys';
import {escapeName, parseServerFinal, parseServerFirst} from './scram-messages';
import type {ServerFirst} from './scram-messages';

export interface ScramCrypto extends ScramKeyCrypto {
  /** Default: derives them each time. */
  readonly deriveKeys?: DeriveScramKeys;
}

/**
 * What ties the proof to the TLS connection, so that nobody in between can pass it on.
 * `not-offered-by-server` makes the server refuse if it did offer it (a downgrade by somebody in between).
 */
export type ScramChannelBinding =
  | {readonly type: 'tls-server-end-point'; readonly data: Uint8Array}
  | 'unsupported-by-client'
  | 'not-offered-by-server';

export interface ScramClientOptions {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS';
  readonly password: string;
  /** Printable ASCII without commas, unpredictable, never used before: 18 random bytes in Base64. */
  readonly nonce: string;
  /** Default: `unsupported-by-client`. */
  readonly channelBinding?: ScramChannelBinding;
  /** The most PBKDF2 iterations that are computed for a server. Default 100,000. */
  readonly maxIterations?: number;
  /** Default: empty, as Postgres takes the name of the startup message. */
  readonly user?: string;
  readonly crypto: ScramCrypto;
}

export const DEFAULT_MAX_SCRAM_ITERATIONS = 100_000;

/** What the client did last. */
type Phase = 'created' | 'firstSent' | 'deriving' | 'proofSent' | 'complete' | 'failed';

function gs2Header(options: ScramClientOptions): string {
  const binding = options.channelBinding ?? 'unsupported-by-client';
  if ((typeof binding === 'object') !== (options.mechanism === 'SCRAM-SHA-256-PLUS')) {
    throw new AuthenticationError(
      `${options.mechanism} cannot be used ${typeof binding === 'object' ? 'with' : 'without'} channel binding`,
      {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
    );
  }
  if (typeof binding === 'object') return `p=${binding.type},,`;
  return binding === 'not-offered-by-server' ? 'y,,' : 'n,,';
}

function notProven(message: string): AuthenticationError {
  return new AuthenticationError(message, {code: 'PG_SERVER_NOT_PROVEN'});
}

// The time this takes depends on the lengths only, so it does not tell how much of a guess was right.
function isEqualInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

export class ScramClient {
  readonly #options: ScramClientOptions;
  readonly #gs2Header: string;
  readonly #firstBare: string;
  #phase: Phase = 'created';
  #serverSignature: Buffer = Buffer.alloc(0);

  /** @throws {AuthenticationError} `PG_AUTHENTICATION_UNSUPPORTED`: mechanism and channel binding disagree. */
  constructor(options: ScramClientOptions) {
    this.#options = options;
    this.#gs2Header = gs2Header(options);
    this.#firstBare = `n=${escapeName(options.user ?? '')},r=${options.nonce}`;
  }

  /** Whether the server proved that it knows the password. */
  get complete(): boolean {
    return this.#phase === 'complete';
  }

  /** The client-first message, for SASLInitialResponse. */
  first(): Buffer {
    this.#step('created', 'firstSent');
    return Buffer.from(this.#gs2Header + this.#firstBare, 'utf8');
  }

  /**
   * Answers the server-first message with the client-final message, for SASLResponse: at once, where the keys are
   * known. What is wrong with the message it throws, and rejects with what goes wrong later.
   * @throws {AuthenticationError} `PG_SERVER_NOT_PROVEN`: a foreign nonce, an error, or out of turn.
   * `PG_AUTHENTICATION_REFUSED`: more iterations than allowed. `PG_AUTHENTICATION_UNSUPPORTED`: an extension.
   * @throws {ProtocolError} It is malformed.
   */
  continue(serverFirst: Buffer): Buffer | Promise<Buffer> {
    this.#step('firstSent', 'deriving');
    // An error leaves this phase behind, in which nothing is legal any more.
    const text = serverFirst.toString('utf8');
    const server = parseServerFirst(text);
    this.#checkNonce(server.nonce);
    this.#checkIterations(server.iterations);
    const keys = this.#derive(server);
    return keys instanceof Promise
      ? keys.then((derived) => this.#final(text, server, derived))
      : this.#final(text, server, keys);
  }

  /**
   * Checks the server-final message.
   * @throws {AuthenticationError} `PG_SERVER_NOT_PROVEN`: the signature is wrong, an error, or out of turn.
   * @throws {ProtocolError} It is malformed.
   */
  finish(serverFinal: Buffer): void {
    // Failed, until the last line says otherwise.
    this.#step('proofSent', 'failed');
    const signature = parseServerFinal(serverFinal.toString('utf8'));
    if (!isEqualInConstantTime(this.#serverSignature, signature)) {
      throw notProven(
        'The server could not prove that it knows the password: its SCRAM signature is wrong. ' +
          'Somebody may be pretending to be the server; no query was sent',
      );
    }
    this.#phase = 'complete';
  }

  #step(from: Phase, to: Phase): void {
    const phase = this.#phase;
    this.#phase = phase === from ? to : 'failed';
    if (phase !== from) {
      throw notProven(
        `The SCRAM messages came out of turn (in phase ${phase}, not ${from}): ` +
          'the server did not prove that it knows the password',
      );
    }
  }

  #checkNonce(nonce: string): void {
    if (!nonce.startsWith(this.#options.nonce) || nonce.length === this.#options.nonce.length) {
      throw notProven(
        'The SCRAM nonce of the server does not continue the one of this client: ' +
          'the answer belongs to another authentication. No proof was sent',
      );
    }
  }

  #checkIterations(iterations: number): void {
    const most = this.#options.maxIterations ?? DEFAULT_MAX_SCRAM_ITERATIONS;
    if (iterations > most) {
      throw new AuthenticationError(
        `The server asks for ${iterations} iterations of the password hash; at most ${most} are computed. ` +
          'If this is your server, raise the limit (maxIterations), or lower scram_iterations and set the password again',
        {code: 'PG_AUTHENTICATION_REFUSED'},
      );
    }
  }

  #derive({salt, iterations}: ServerFirst): ScramKeys | Promise<ScramKeys> {
    const {crypto, password} = this.#options;
    return crypto.deriveKeys === undefined
      ? deriveScramKeys(crypto, password, salt, iterations)
      : crypto.deriveKeys(password, salt, iterations);
  }

  #final(serverFirst: string, server: ServerFirst, keys: ScramKeys): Buffer {
    const final = this.#prove(serverFirst, server, keys);
    // Another step may have failed while the keys were derived.
    this.#step('deriving', 'proofSent');
    return final;
  }

  #prove(
    serverFirst: string,
    server: ServerFirst,
    {clientKey, storedKey, serverKey}: ScramKeys,
  ): Buffer {
    const {channelBinding, crypto} = this.#options;
    const header = Buffer.from(this.#gs2Header, 'utf8');
    const binding =
      typeof channelBinding === 'object' ? Buffer.concat([header, channelBinding.data]) : header;
    const withoutProof = `c=${binding.toString('base64')},r=${server.nonce}`;
    const authMessage = Buffer.from(`${this.#firstBare},${serverFirst},${withoutProof}`, 'utf8');
    const clientSignature = crypto.hmac(storedKey, authMessage);
    this.#serverSignature = crypto.hmac(serverKey, authMessage);
    const proof = xor(clientKey, clientSignature).toString('base64');
    return Buffer.from(`${withoutProof},p=${proof}`, 'utf8');
  }
}
