/**
 * The start of a session up to its first ReadyForQuery: startup message, authentication, what the server
 * reports of itself. Sans-I/O, like the session that follows.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-START-UP
 *
 * Invariants: a password goes out only to a server that asked for it in a way that the policy allows; the
 * server's proof is checked before its AuthenticationOk counts; after AuthenticationOk nothing more of
 * authentication is accepted.
 */
import {AuthenticationError, ProtocolError} from '../errors';
import type {DatabaseErrorFields} from '../errors';
import {
  BackendTag,
  ByteReader,
  PROTOCOL_3_2,
  nameOfBackendTag,
  readAuthentication,
  readBackendKeyData,
  readErrorFields,
  readNegotiateProtocolVersion,
  readParameterStatus,
  readReadyForQuery,
  writeStartup,
} from '../protocol';
import type {BackendKeyData, ByteWriter} from '../protocol';
import type {Authenticator} from './authenticator';

export type HandshakePhase = 'authenticating' | 'authenticated' | 'ready' | 'refused';

/** What to do after a message: go on reading, wait for `promise` and write, or stop. */
export type HandshakeStep = 'read' | 'done' | Promise<void>;

export class Handshake {
  readonly parameters = new Map<string, string>();
  backendKey: BackendKeyData | undefined;
  /** The error the server refused the session with. */
  refusal: DatabaseErrorFields | undefined;
  phase: HandshakePhase = 'authenticating';
  readonly #authenticator: Authenticator;
  readonly #writer: ByteWriter;
  readonly #body = new ByteReader();

  constructor(writer: ByteWriter, authenticator: Authenticator) {
    this.#writer = writer;
    this.#authenticator = authenticator;
  }

  /** Asks for protocol 3.2; a server before 18 negotiates down to the 3.0 it has. */
  start(parameters: readonly [string, string][]): void {
    writeStartup(this.#writer, {protocolVersion: PROTOCOL_3_2, parameters});
  }

  /** @throws {ProtocolError | AuthenticationError} The connection is of no use. */
  receive(tag: number, buffer: Buffer, start: number, end: number): HandshakeStep {
    const body = this.#body.reset(buffer, start, end);
    switch (tag) {
      case BackendTag.ErrorResponse:
        this.refusal = readErrorFields(body);
        this.phase = 'refused';
        return 'done';
      case BackendTag.NoticeResponse:
        readErrorFields(body);
        return 'read';
      case BackendTag.ParameterStatus: {
        this.#expect('authenticated', tag);
        const {name, value} = readParameterStatus(body);
        this.parameters.set(name, value);
        return 'read';
      }
      case BackendTag.Authentication:
        this.#expect('authenticating', tag);
        return this.#authenticate(body);
      case BackendTag.NegotiateProtocolVersion:
        // An older server offers what it has; nothing of ours depends on more than 3.0.
        this.#expect('authenticating', tag);
        refuseUnknownOptions(readNegotiateProtocolVersion(body).unrecognizedOptions);
        return 'read';
      case BackendTag.BackendKeyData: {
        this.#expect('authenticated', tag);
        const {processId, secretKey} = readBackendKeyData(body);
        this.backendKey = {processId, secretKey: Buffer.from(secretKey)};
        return 'read';
      }
      case BackendTag.ReadyForQuery:
        this.#expect('authenticated', tag);
        readReadyForQuery(body);
        this.phase = 'ready';
        return 'done';
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} is not legal during startup`);
    }
  }

  #authenticate(body: ByteReader): HandshakeStep {
    const request = readAuthentication(body);
    if (request.kind === 'ok') {
      this.#authenticator.confirm();
      this.phase = 'authenticated';
      return 'read';
    }
    return this.#authenticator.answer(request, this.#writer);
  }

  #expect(phase: HandshakePhase, tag: number): void {
    if (this.phase === phase) return;
    throw new ProtocolError(`${nameOfBackendTag(tag)} is not legal while ${this.phase}`);
  }
}

function refuseUnknownOptions(options: readonly string[]): void {
  if (options.length === 0) return;
  throw new AuthenticationError(
    `the server does not know the protocol options ${options.join(', ')}`,
    {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
  );
}
