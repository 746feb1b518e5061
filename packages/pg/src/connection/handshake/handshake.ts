/**
 * The start of a session up to its first ReadyForQuery: startup message, authentication, what the server
 * reports of itself. Sans-I/O, like the session that follows.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-START-UP
 *
 * Invariants: a password goes out only to a server that asked for it in a way that the policy allows; the
 * server's proof is checked before its AuthenticationOk counts; what it says before it has our answer does
 * not count; after AuthenticationOk nothing more of authentication is accepted.
 */
import type {ProtocolVersion, ResolvedConfig} from '../../config';
import {AuthenticationError, ConnectionError, ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  ByteReader,
  PROTOCOL_3_0,
  PROTOCOL_3_2,
  nameOfBackendTag,
  readAuthentication,
  readBackendKeyData,
  readErrorFields,
  readNegotiateProtocolVersion,
  readReadyForQuery,
  writeStartup,
} from '../../protocol';
import type {BackendKeyData, ByteWriter, NegotiateProtocolVersion} from '../../protocol';
import {keepReported} from '../session/reported-parameters';
import type {Authenticator} from './authenticator';
import {knownReports} from './known-reports';

/** `latest` is 3.2 today. */
const VERSIONS: Record<ProtocolVersion, number> = {
  '3.0': PROTOCOL_3_0,
  '3.2': PROTOCOL_3_2,
  latest: PROTOCOL_3_2,
};

export type HandshakePhase =
  | 'authenticating'
  /** An answer is being made, so a server that goes on with authentication did not wait for it. */
  | 'answering'
  | 'authenticated'
  | 'ready'
  | 'refused';

/** What to do after a message: go on reading, write and say so by `answered`, wait for the promise and do that, or stop. */
export type HandshakeStep = 'read' | 'write' | 'done' | Promise<void>;

export class Handshake {
  readonly parameters = new Map<string, string>();
  backendKey: BackendKeyData | undefined;
  /** The error the server refused the session with. */
  refusal: DatabaseErrorFields | undefined;
  phase: HandshakePhase = 'authenticating';
  #requestedVersion = PROTOCOL_3_0;
  #leastVersion = PROTOCOL_3_0;
  readonly #authenticator: Authenticator;
  readonly #writer: ByteWriter;
  readonly #body = new ByteReader();
  /** ParameterStatus messages so far. */
  #reports = 0;

  constructor(writer: ByteWriter, authenticator: Authenticator) {
    this.#writer = writer;
    this.#authenticator = authenticator;
  }

  /** Asks for the newest version allowed; a server before 18 negotiates 3.2 down to the 3.0 it has. */
  start(
    parameters: readonly (readonly [string, string])[],
    versions: Pick<ResolvedConfig, 'minProtocolVersion' | 'maxProtocolVersion'>,
  ): void {
    this.#leastVersion = VERSIONS[versions.minProtocolVersion];
    this.#requestedVersion = VERSIONS[versions.maxProtocolVersion];
    writeStartup(this.#writer, {protocolVersion: this.#requestedVersion, parameters});
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
        const place = this.#reports++;
        const {name, value} = knownReports.read(place, body, buffer, start, end);
        keepReported(this.parameters, name, value);
        return 'read';
      }
      case BackendTag.Authentication:
        this.#expect('authenticating', tag);
        return this.#authenticate(body);
      case BackendTag.NegotiateProtocolVersion:
        // An older server offers what it has; nothing of ours depends on more than 3.0.
        this.#expect('authenticating', tag);
        this.#negotiated(readNegotiateProtocolVersion(body));
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

  /** The answer is on its way: from here on the server may go on. */
  answered(): void {
    // It may have refused the session meanwhile.
    if (this.phase === 'answering') this.phase = 'authenticating';
  }

  #negotiated({newestVersion, unrecognizedOptions}: NegotiateProtocolVersion): void {
    refuseUnknownOptions(unrecognizedOptions);
    if (newestVersion > this.#requestedVersion) {
      throw new ProtocolError(
        `the server negotiates protocol ${nameOfVersion(newestVersion)}, newer than the ${nameOfVersion(this.#requestedVersion)} it was asked for`,
      );
    }
    if (newestVersion >= this.#leastVersion) return;
    throw new ConnectionError(
      `the server speaks protocol ${nameOfVersion(newestVersion)} at most and min_protocol_version asks for ${nameOfVersion(this.#leastVersion)}, which came with Postgres 18; lower min_protocol_version or upgrade the server`,
      {code: 'PG_CONNECT_FAILED'},
    );
  }

  #authenticate(body: ByteReader): HandshakeStep {
    const request = readAuthentication(body);
    if (request.kind === 'ok') {
      this.#authenticator.confirm();
      this.phase = 'authenticated';
      return 'read';
    }
    const answer = this.#authenticator.answer(request, this.#writer);
    if (answer === 'read') return answer;
    this.phase = 'answering';
    return answer;
  }

  #expect(phase: HandshakePhase, tag: number): void {
    if (this.phase === phase) return;
    throw new ProtocolError(`${nameOfBackendTag(tag)} is not legal while ${this.phase}`);
  }
}

function nameOfVersion(version: number): string {
  return `${version >>> 16}.${version & 0xffff}`;
}

function refuseUnknownOptions(options: readonly string[]): void {
  if (options.length === 0) return;
  throw new AuthenticationError(
    `the server does not know the protocol options ${options.join(', ')}`,
    {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
  );
}
