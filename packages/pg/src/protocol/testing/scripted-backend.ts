/**
 * A server without I/O that answers as a script says: bytes in, bytes out.
 *
 * It keeps to the protocol as Postgres does (skips to Sync after an error, suspends portals, reports the
 * transaction's status from BEGIN and COMMIT) but parses no SQL and has no tables. No COPY.
 */
import {ByteWriter} from '../bytes/byte-writer';
import type {Bind} from '../messages/bind';
import {writeErrorResponse} from '../messages/error-fields';
import type {DatabaseErrorFields} from '../../errors';
import type {Execute, Parse, Target} from '../messages/extended-query';
import {writeParameterDescription} from '../messages/extended-query';
import type {TransactionStatus} from '../messages/result';
import {
  writeCommandComplete,
  writeDataRow,
  writeEmptyBody,
  writeReadyForQuery,
  writeRowDescription,
} from '../messages/result';
import {BackendTag} from '../messages/tags';
import {FrontendDecoder} from './frontend-decoder';
import type {FrontendMessage} from './frontend-message';
import {defaultCommandTag, textParameterTypes, toColumn} from './script';
import type {BackendScript, ScriptedColumn, ScriptedReply} from './script';
import {ScriptedHandshake} from './scripted-handshake';

interface Portal {
  readonly text: string;
  readonly parameters: readonly (Buffer | null)[];
  /** Set by the first Execute. */
  reply?: ScriptedReply;
  sentRows: number;
}

export class ScriptedBackend {
  /** Everything that the client sent, in order. */
  readonly received: FrontendMessage[] = [];
  readonly #script: BackendScript;
  readonly #decoder = new FrontendDecoder();
  readonly #writer = new ByteWriter();
  readonly #handshake: ScriptedHandshake;
  readonly #statements = new Map<string, string>();
  readonly #portals = new Map<string, Portal>();
  #status: TransactionStatus = 'I';
  #phase: 'answering' | 'skippingToSync' | 'ended' = 'answering';

  constructor(script: BackendScript) {
    this.#script = script;
    this.#handshake = new ScriptedHandshake(script, this.#writer);
  }

  /** Whether the session is over: the owner of the socket should close it after sending what is left. */
  get ended(): boolean {
    return this.#phase === 'ended' || this.#handshake.phase === 'refused';
  }

  /**
   * Takes what the client sent and returns what the server answers.
   * @throws {ProtocolError} It is not what a client may send.
   */
  receive(bytes: Uint8Array): Buffer {
    for (const message of this.#decoder.receive(bytes)) {
      this.received.push(message);
      if (!this.ended) this.#handle(message);
    }
    return this.#writer.take();
  }

  #handle(message: FrontendMessage): void {
    if (message.kind === 'SSLRequest' || message.kind === 'GSSENCRequest') {
      const answer = message.kind === 'SSLRequest' ? (this.#script.sslAnswer ?? 'N') : 'N';
      this.#writer.int8(answer.charCodeAt(0));
    } else if (message.kind === 'CancelRequest' || message.kind === 'Terminate') {
      this.#phase = 'ended';
    } else if (this.#handshake.phase !== 'done') {
      this.#handshake.receive(message);
    } else if (message.kind === 'Sync') {
      this.#phase = 'answering';
      // Portals live as long as their transaction.
      if (this.#status === 'I') this.#portals.clear();
      writeReadyForQuery(this.#writer, this.#status);
    } else if (this.#phase === 'answering') {
      this.#answer(message);
    }
  }

  #answer(message: FrontendMessage): void {
    switch (message.kind) {
      case 'Query':
        this.#query(message.text);
        break;
      case 'Parse':
        this.#parse(message);
        break;
      case 'Bind':
        this.#bind(message);
        break;
      case 'Describe':
        this.#describe(message.target);
        break;
      case 'Execute':
        this.#execute(message);
        break;
      case 'Close':
        this.#close(message.target);
        break;
      case 'Flush':
        break;
      default:
        this.#fail({code: '08P01', message: `the script has no answer to ${message.kind}`});
    }
  }

  #query(text: string): void {
    if (text.trim() === '') {
      writeEmptyBody(this.#writer, BackendTag.EmptyQueryResponse);
    } else {
      const portal: Portal = {text, parameters: [], sentRows: 0};
      const reply = this.#replyTo(text, []);
      if ('columns' in reply && reply.columns !== undefined) {
        writeRowDescription(this.#writer, reply.columns.map(toColumn));
      }
      this.#run(portal, reply, 0);
    }
    // An error ends a simple query by itself: there is no Sync to wait for.
    this.#phase = 'answering';
    writeReadyForQuery(this.#writer, this.#status);
  }

  #parse({statement, text}: Parse): void {
    if (statement !== '' && this.#statements.has(statement)) {
      this.#fail({code: '42P05', message: `prepared statement "${statement}" already exists`});
      return;
    }
    this.#statements.set(statement, text);
    writeEmptyBody(this.#writer, BackendTag.ParseComplete);
  }

  #bind({portal, statement, parameters}: Bind): void {
    const text = this.#statements.get(statement);
    if (text === undefined) {
      this.#failWithoutStatement(statement);
      return;
    }
    this.#portals.set(portal, {text, parameters, sentRows: 0});
    writeEmptyBody(this.#writer, BackendTag.BindComplete);
  }

  #describe({kind, name}: Target): void {
    const text = kind === 'statement' ? this.#statements.get(name) : this.#portals.get(name)?.text;
    if (text === undefined) {
      if (kind === 'statement') this.#failWithoutStatement(name);
      else this.#failWithoutPortal(name);
      return;
    }
    if (kind === 'statement') {
      const types = this.#script.parameterTypes?.(text) ?? textParameterTypes(text);
      writeParameterDescription(this.#writer, types);
    }
    const columns = this.#columnsOf(text);
    if (columns !== undefined) {
      writeRowDescription(this.#writer, columns.map(toColumn));
    } else {
      writeEmptyBody(this.#writer, BackendTag.NoData);
    }
  }

  #columnsOf(text: string): readonly ScriptedColumn[] | undefined {
    if (this.#script.describe !== undefined) return this.#script.describe(text);
    const reply = this.#script.query(text, []);
    return 'columns' in reply ? reply.columns : undefined;
  }

  /** The script's answer, except in a failed transaction, which answers nothing but its end. */
  #replyTo(text: string, parameters: readonly (Buffer | null)[]): ScriptedReply {
    if (this.#status !== 'E' || /^\s*(?:ROLLBACK|COMMIT)\b/i.test(text)) {
      return this.#script.query(text, parameters);
    }
    const message =
      'current transaction is aborted, commands ignored until end of transaction block';
    return {error: {code: '25P02', message}};
  }

  #execute({portal: name, maxRows}: Execute): void {
    const portal = this.#portals.get(name);
    if (portal === undefined) {
      this.#failWithoutPortal(name);
      return;
    }
    portal.reply ??= this.#replyTo(portal.text, portal.parameters);
    this.#run(portal, portal.reply, maxRows);
  }

  #run(portal: Portal, reply: ScriptedReply, maxRows: number): void {
    if ('raw' in reply) {
      this.#writer.bytes(reply.raw);
      return;
    }
    if ('error' in reply) {
      this.#fail(reply.error);
      return;
    }
    const rows = reply.rows ?? [];
    const end = maxRows > 0 ? Math.min(rows.length, portal.sentRows + maxRows) : rows.length;
    for (const row of rows.slice(portal.sentRows, end)) writeDataRow(this.#writer, row);
    const sentNow = end - portal.sentRows;
    portal.sentRows = end;
    if (maxRows > 0 && sentNow === maxRows) {
      writeEmptyBody(this.#writer, BackendTag.PortalSuspended);
      return;
    }
    this.#complete(portal.text, reply.commandTag ?? defaultCommandTag(portal.text, sentNow));
  }

  #complete(text: string, commandTag: string): void {
    const hadFailed = this.#status === 'E';
    // As Postgres: a COMMIT of a failed transaction is a rollback, and says so.
    writeCommandComplete(
      this.#writer,
      commandTag === 'COMMIT' && hadFailed ? 'ROLLBACK' : commandTag,
    );
    const isRollbackToSavepoint = /^\s*ROLLBACK\s+TO\b/i.test(text);
    if (commandTag === 'BEGIN' || isRollbackToSavepoint) this.#status = 'T';
    else if (commandTag === 'COMMIT' || commandTag === 'ROLLBACK') this.#status = 'I';
  }

  #close({kind, name}: Target): void {
    if (kind === 'statement') this.#statements.delete(name);
    else this.#portals.delete(name);
    writeEmptyBody(this.#writer, BackendTag.CloseComplete);
  }

  #failWithoutStatement(name: string): void {
    this.#fail({code: '26000', message: `prepared statement "${name}" does not exist`});
  }

  #failWithoutPortal(name: string): void {
    this.#fail({code: '34000', message: `portal "${name}" does not exist`});
  }

  #fail(fields: DatabaseErrorFields): void {
    writeErrorResponse(this.#writer, {
      severity: 'ERROR',
      severityNonLocalized: 'ERROR',
      ...fields,
    });
    if (this.#status === 'T') this.#status = 'E';
    this.#phase = 'skippingToSync';
  }
}
