/**
 * The start of a scripted session: from the startup message to the first ReadyForQuery.
 */
import {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {md5Password} from '../auth/md5';
import {writeParameterStatus} from '../messages/asynchronous';
import {
  readPassword,
  readSASLInitialResponse,
  readSASLResponse,
  writeAuthentication,
} from '../messages/authentication';
import {writeBackendKeyData} from '../messages/cancel';
import {writeErrorResponse} from '../messages/error-fields';
import {writeReadyForQuery} from '../messages/result';
import {PROTOCOL_3_2, writeNegotiateProtocolVersion} from '../messages/startup';
import type {FrontendMessage} from './frontend-message';
import {ScramServer} from './scram-server';
import type {BackendScript} from './script';

const DEFAULT_PARAMETER_STATUS: Readonly<Record<string, string>> = {
  server_version: '18.0 (scripted)',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  integer_datetimes: 'on',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
};

type Phase = 'startup' | 'password' | 'scramFirst' | 'scramFinal' | 'done' | 'refused';

function bodyReader(body: Buffer): ByteReader {
  return new ByteReader().reset(body, 0, body.length);
}

export class ScriptedHandshake {
  readonly #script: BackendScript;
  readonly #writer: ByteWriter;
  #phase: Phase = 'startup';
  #user = '';
  #scram: ScramServer | undefined;

  constructor(script: BackendScript, writer: ByteWriter) {
    this.#script = script;
    this.#writer = writer;
  }

  get phase(): Phase {
    return this.#phase;
  }

  receive(message: FrontendMessage): void {
    if (message.kind === 'StartupMessage' && this.#phase === 'startup') {
      this.#user = message.parameters.find(([name]) => name === 'user')?.[1] ?? '';
      this.#negotiate(message);
      this.#ask();
    } else if (message.kind === 'PasswordMessage') {
      this.#answer(message.body);
    } else {
      this.#refuse('08P01', `${message.kind} while the session starts`);
    }
  }

  #negotiate(startup: Extract<FrontendMessage, {kind: 'StartupMessage'}>): void {
    const newestVersion = this.#script.newestVersion ?? PROTOCOL_3_2;
    const unrecognizedOptions = startup.parameters
      .map(([name]) => name)
      .filter((name) => name.startsWith('_pq_.'));
    if (startup.protocolVersion > newestVersion || unrecognizedOptions.length > 0) {
      writeNegotiateProtocolVersion(this.#writer, {
        newestVersion: Math.min(newestVersion, startup.protocolVersion),
        unrecognizedOptions,
      });
    }
  }

  #ask(): void {
    const authentication = this.#script.authentication ?? 'trust';
    if (authentication === 'trust') {
      this.#welcome();
    } else if ('cleartext' in authentication) {
      writeAuthentication(this.#writer, {kind: 'cleartext'});
      this.#phase = 'password';
    } else if ('md5' in authentication) {
      writeAuthentication(this.#writer, {kind: 'md5', salt: authentication.md5.salt});
      this.#phase = 'password';
    } else {
      const {channelBindingData} = authentication.scram;
      const mechanisms = ['SCRAM-SHA-256'];
      if (channelBindingData !== undefined) mechanisms.unshift('SCRAM-SHA-256-PLUS');
      writeAuthentication(this.#writer, {kind: 'sasl', mechanisms});
      this.#scram = new ScramServer(authentication.scram);
      this.#phase = 'scramFirst';
    }
  }

  #answer(body: Buffer): void {
    switch (this.#phase) {
      case 'password':
        if (readPassword(bodyReader(body)) === this.#expectedPassword()) this.#welcome();
        else this.#refuseLogin();
        break;
      case 'scramFirst': {
        const {data} = readSASLInitialResponse(bodyReader(body));
        const answer = this.#scram?.first(data ?? Buffer.alloc(0)) ?? Buffer.alloc(0);
        writeAuthentication(this.#writer, {kind: 'saslContinue', data: answer});
        this.#phase = 'scramFinal';
        break;
      }
      case 'scramFinal': {
        const data = this.#scram?.final(readSASLResponse(bodyReader(body)));
        if (data === undefined) {
          this.#refuseLogin();
          break;
        }
        writeAuthentication(this.#writer, {kind: 'saslFinal', data});
        this.#welcome();
        break;
      }
      default:
        this.#refuse('08P01', 'a password that nobody asked for');
    }
  }

  #expectedPassword(): string | undefined {
    const authentication = this.#script.authentication ?? 'trust';
    if (authentication === 'trust') return undefined;
    if ('cleartext' in authentication) return authentication.cleartext;
    if (!('md5' in authentication)) return undefined;
    const {password, salt, md5hex} = authentication.md5;
    return md5Password(this.#user, password, salt, md5hex);
  }

  #welcome(): void {
    const {parameterStatus, processId, secretKey} = this.#script;
    writeAuthentication(this.#writer, {kind: 'ok'});
    for (const [name, value] of Object.entries(parameterStatus ?? DEFAULT_PARAMETER_STATUS)) {
      writeParameterStatus(this.#writer, name, value);
    }
    writeBackendKeyData(this.#writer, processId ?? 1, secretKey ?? Buffer.from([1, 2, 3, 4]));
    writeReadyForQuery(this.#writer, 'I');
    this.#phase = 'done';
  }

  #refuseLogin(): void {
    this.#refuse('28P01', `password authentication failed for user "${this.#user}"`);
  }

  #refuse(code: string, message: string): void {
    const severity = 'FATAL';
    writeErrorResponse(this.#writer, {severity, severityNonLocalized: severity, code, message});
    this.#phase = 'refused';
  }
}
