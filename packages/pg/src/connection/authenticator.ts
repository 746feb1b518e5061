/**
 * Answers the server's requests for authentication within what the policy allows.
 *
 * Cryptography and the password come in as arguments. MD5 and SCRAM never show the password to the
 * server; a cleartext request is only answered inside TLS, or where the program says that it may be.
 */
import {AuthenticationError} from '../errors';
import {
  ScramClient,
  md5Password,
  writePassword,
  writeSASLInitialResponse,
  writeSASLResponse,
} from '../protocol';
import type {Authentication, ByteWriter, ScramCrypto} from '../protocol';

export interface AuthenticationPolicy {
  readonly user: string;
  /** Asked for when the server wants one; undefined where none is configured. */
  readonly password: () => Promise<string | undefined>;
  readonly encrypted: boolean;
  readonly allowCleartextPasswordWithoutTls: boolean;
  readonly maxScramIterations: number;
  /** For messages: where the password would come from. */
  readonly target: string;
}

export interface AuthenticationCrypto extends ScramCrypto {
  nonce(): string;
  md5Hex(bytes: Uint8Array): string;
}

const SCRAM = 'SCRAM-SHA-256';

export class Authenticator {
  readonly #policy: AuthenticationPolicy;
  readonly #crypto: AuthenticationCrypto;
  #scram: ScramClient | undefined;

  constructor(policy: AuthenticationPolicy, crypto: AuthenticationCrypto) {
    this.#policy = policy;
    this.#crypto = crypto;
  }

  /** Writes the answer, at once or when the promise resolves. */
  answer(request: Authentication, out: ByteWriter): 'read' | Promise<void> {
    switch (request.kind) {
      case 'cleartext':
        return this.#cleartext(out);
      case 'md5':
        return this.#md5(Uint8Array.from(request.salt), out);
      case 'sasl':
        return this.#startScram(request.mechanisms, out);
      case 'saslContinue':
        return this.#continueScram(Buffer.from(request.data), out);
      case 'saslFinal':
        this.#expectScram().finish(Buffer.from(request.data));
        return 'read';
      case 'unsupported':
      case 'ok':
        throw new AuthenticationError(
          `${this.#policy.target} asks for authentication by ${request.kind === 'ok' ? 'nothing' : request.name}, which this client does not speak; use scram-sha-256 in pg_hba.conf`,
          {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
        );
    }
  }

  /** AuthenticationOk came. A server that began SCRAM must have proven itself by now. */
  confirm(): void {
    if (this.#scram === undefined || this.#scram.complete) return;
    throw new AuthenticationError(
      `${this.#policy.target} let this client in without proving that it knows the password; it may not be the server it says it is`,
      {code: 'PG_SERVER_NOT_PROVEN'},
    );
  }

  async #cleartext(out: ByteWriter): Promise<void> {
    if (!this.#policy.encrypted && !this.#policy.allowCleartextPasswordWithoutTls) {
      throw new AuthenticationError(
        `${this.#policy.target} asks for the password in cleartext over a connection without TLS; it was not sent. Use TLS (sslmode=require or better) or scram-sha-256 in pg_hba.conf, or set allowCleartextPasswordWithoutTls: true on a network you trust`,
        {code: 'PG_AUTHENTICATION_REFUSED'},
      );
    }
    writePassword(out, await this.#password());
  }

  async #md5(salt: Uint8Array, out: ByteWriter): Promise<void> {
    const password = await this.#password();
    const hash = md5Password(this.#policy.user, password, salt, (bytes) =>
      this.#crypto.md5Hex(bytes),
    );
    writePassword(out, hash);
  }

  async #startScram(mechanisms: readonly string[], out: ByteWriter): Promise<void> {
    if (!mechanisms.includes(SCRAM)) {
      throw new AuthenticationError(
        `${this.#policy.target} offers the SASL mechanisms ${mechanisms.join(', ')}, of which this client speaks none (it speaks ${SCRAM})`,
        {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
      );
    }
    this.#scram = new ScramClient({
      mechanism: SCRAM,
      password: await this.#password(),
      nonce: this.#crypto.nonce(),
      maxIterations: this.#policy.maxScramIterations,
      crypto: this.#crypto,
    });
    writeSASLInitialResponse(out, SCRAM, this.#scram.first());
  }

  async #continueScram(data: Buffer, out: ByteWriter): Promise<void> {
    writeSASLResponse(out, await this.#expectScram().continue(data));
  }

  #expectScram(): ScramClient {
    if (this.#scram !== undefined) return this.#scram;
    throw new AuthenticationError(
      `${this.#policy.target} continues a SASL exchange that never began`,
      {
        code: 'PG_SERVER_NOT_PROVEN',
      },
    );
  }

  async #password(): Promise<string> {
    const password = await this.#policy.password();
    if (password !== undefined) return password;
    throw new AuthenticationError(
      `${this.#policy.target} asks for a password and none is configured; put it into the connection string, the password option, PGPASSWORD or ~/.pgpass`,
      {code: 'PG_PASSWORD_MISSING'},
    );
  }
}
