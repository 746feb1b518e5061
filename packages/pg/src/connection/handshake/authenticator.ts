/**
 * Answers the server's requests for authentication within what the policy allows.
 *
 * Cryptography and the password come in as arguments. SCRAM never shows the password to the server. A request
 * for it in cleartext or as MD5 is only answered where nobody else can read along, or where the program says
 * that it may be: what MD5 sends is guessed offline in hours, and a server with the hash of a role logs in as it.
 */
import type {ResolvedConfig, AuthenticationMethod} from '../../config';
import {AuthenticationError} from '../../errors';
import {
  ScramClient,
  md5Password,
  writePassword,
  writeSASLInitialResponse,
  writeSASLResponse,
} from '../../protocol';
import type {Authentication, ByteWriter, ScramChannelBinding, ScramCrypto} from '../../protocol';
import type {ObserveConnect} from '../attempts/connect-events';

export interface AuthenticationPolicy {
  readonly user: string;
  /** Undefined where none is configured. */
  readonly password: string | undefined;
  /** TLS, or a Unix socket: nobody else can read along. */
  readonly confidential: boolean;
  readonly allowCleartextPasswordWithoutTls: boolean;
  readonly allowMd5PasswordWithoutTls: boolean;
  readonly maxScramIterations: number;
  readonly requireAuth: ResolvedConfig['requireAuth'];
  readonly channelBinding: ResolvedConfig['channelBinding'];
  /** Of the server, in DER; undefined without TLS. */
  readonly certificate: Buffer | undefined;
  /** For messages: where the password would come from. */
  readonly target: string;
  readonly observe?: ObserveConnect | undefined;
}

export interface AuthenticationCrypto extends ScramCrypto {
  nonce(): string;
  /** What `tlsServerEndPoint` gives for a certificate. */
  serverEndPoint(certificate: Buffer): Buffer | undefined;
  md5Hex(bytes: Uint8Array): string;
}

const SCRAM = 'SCRAM-SHA-256';
const SCRAM_PLUS = 'SCRAM-SHA-256-PLUS';

export class Authenticator {
  readonly #policy: AuthenticationPolicy;
  readonly #crypto: AuthenticationCrypto;
  #scram: ScramClient | undefined;
  /** What the server asked for. */
  #method: AuthenticationMethod = 'none';
  #bound = false;

  constructor(policy: AuthenticationPolicy, crypto: AuthenticationCrypto) {
    this.#policy = policy;
    this.#crypto = crypto;
  }

  /** Writes the answer, at once or when the promise resolves. `read`: there is none to write. */
  answer(request: Authentication, out: ByteWriter): 'read' | 'write' | Promise<void> {
    switch (request.kind) {
      case 'cleartext':
        this.#asked('password');
        return this.#cleartext(out);
      case 'md5':
        this.#asked('md5');
        return this.#md5(Uint8Array.from(request.salt), out);
      case 'sasl':
        this.#asked('scram-sha-256');
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
    this.#expectAllowed(this.#method);
    this.#expectBinding(this.#bound);
    if (this.#scram === undefined || this.#scram.complete) {
      const authenticated = {method: this.#method, channelBinding: this.#bound};
      this.#policy.observe?.({type: 'authenticated', ...authenticated});
      return;
    }
    throw new AuthenticationError(
      `${this.#policy.target} let this client in without proving that it knows the password; it may not be the server it says it is`,
      {code: 'PG_SERVER_NOT_PROVEN'},
    );
  }

  #asked(method: AuthenticationMethod): void {
    this.#expectFirst(method);
    this.#policy.observe?.({type: 'authentication', method});
    this.#expectAllowed(method);
    this.#expectBinding(method === 'scram-sha-256');
    this.#method = method;
  }

  /** A server asks once. One that asks again may be after something weaker than what it began with. */
  #expectFirst(method: AuthenticationMethod): void {
    if (this.#method === 'none') return;
    throw new AuthenticationError(
      `${this.#policy.target} asks for authentication by ${method} after it asked for ${this.#method}; a server asks once, so this may not be the server it says it is`,
      {code: 'PG_SERVER_NOT_PROVEN'},
    );
  }

  #expectAllowed(method: AuthenticationMethod): void {
    const {requireAuth, target} = this.#policy;
    if (requireAuth === undefined || requireAuth.includes(method)) return;
    throw new AuthenticationError(
      `${target} ${method === 'none' ? 'lets this client in without asking for anything' : `asks for authentication by ${method}`}, and require_auth allows ${requireAuth.join(', ')}; no password was sent`,
      {code: 'PG_AUTHENTICATION_REFUSED'},
    );
  }

  #expectBinding(isBound: boolean): void {
    const {channelBinding, target} = this.#policy;
    if (isBound || channelBinding !== 'require') return;
    throw new AuthenticationError(
      `${target} does not authenticate with channel binding, which channel_binding=require asks for; it needs TLS and scram-sha-256 in pg_hba.conf`,
      {code: 'PG_AUTHENTICATION_REFUSED'},
    );
  }

  #cleartext(out: ByteWriter): 'write' {
    const {confidential, allowCleartextPasswordWithoutTls} = this.#policy;
    if (!confidential && !allowCleartextPasswordWithoutTls) {
      throw this.#readable('in cleartext', 'allowCleartextPasswordWithoutTls');
    }
    writePassword(out, this.#password());
    return 'write';
  }

  #md5(salt: Uint8Array, out: ByteWriter): 'write' {
    const {confidential, allowCleartextPasswordWithoutTls, allowMd5PasswordWithoutTls} =
      this.#policy;
    // Who may read the password itself may as well read less than that.
    if (!confidential && !allowMd5PasswordWithoutTls && !allowCleartextPasswordWithoutTls) {
      throw this.#readable('as MD5', 'allowMd5PasswordWithoutTls');
    }
    const password = this.#password();
    const hash = md5Password(this.#policy.user, password, salt, (bytes) =>
      this.#crypto.md5Hex(bytes),
    );
    writePassword(out, hash);
    return 'write';
  }

  #readable(how: string, option: string): AuthenticationError {
    return new AuthenticationError(
      `${this.#policy.target} asks for the password ${how} over a connection without TLS; it was not sent. Use TLS (sslmode=require or better) or scram-sha-256 in pg_hba.conf, or set ${option}: true on a network you trust`,
      {code: 'PG_AUTHENTICATION_REFUSED'},
    );
  }

  #startScram(mechanisms: readonly string[], out: ByteWriter): 'write' {
    const binding = this.#chooseBinding(mechanisms);
    const mechanism = typeof binding === 'object' ? SCRAM_PLUS : SCRAM;
    if (!mechanisms.includes(mechanism)) {
      throw new AuthenticationError(
        `${this.#policy.target} offers the SASL mechanisms ${mechanisms.join(', ')}, of which this client speaks none (it speaks ${SCRAM})`,
        {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
      );
    }
    this.#bound = mechanism === SCRAM_PLUS;
    this.#expectBinding(this.#bound);
    this.#scram = new ScramClient({
      mechanism,
      channelBinding: binding,
      password: this.#password(),
      nonce: this.#crypto.nonce(),
      maxIterations: this.#policy.maxScramIterations,
      crypto: this.#crypto,
    });
    writeSASLInitialResponse(out, mechanism, this.#scram.first());
    return 'write';
  }

  #chooseBinding(mechanisms: readonly string[]): ScramChannelBinding {
    const {channelBinding, certificate} = this.#policy;
    if (channelBinding === 'disable' || certificate === undefined) return 'unsupported-by-client';
    const data = this.#crypto.serverEndPoint(certificate);
    if (data === undefined) return this.#unbindable();
    return mechanisms.includes(SCRAM_PLUS)
      ? {type: 'tls-server-end-point', data}
      : 'not-offered-by-server';
  }

  #unbindable(): 'unsupported-by-client' {
    if (this.#policy.channelBinding !== 'require') return 'unsupported-by-client';
    throw new AuthenticationError(
      `the certificate of ${this.#policy.target} is signed in a way that names no hash to bind to, as Ed25519 is, and channel_binding=require asks for a binding; give the server a certificate signed with RSA or ECDSA`,
      {code: 'PG_AUTHENTICATION_REFUSED'},
    );
  }

  #continueScram(data: Buffer, out: ByteWriter): 'write' | Promise<void> {
    const answer = this.#expectScram().continue(data);
    if (answer instanceof Promise) return answer.then((later) => writeSASLResponse(out, later));
    writeSASLResponse(out, answer);
    return 'write';
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

  #password(): string {
    const {password} = this.#policy;
    if (password !== undefined) return password;
    throw new AuthenticationError(
      `${this.#policy.target} asks for a password and none is configured; put it into the connection string, the password option, PGPASSWORD or ~/.pgpass`,
      {code: 'PG_PASSWORD_MISSING'},
    );
  }
}
