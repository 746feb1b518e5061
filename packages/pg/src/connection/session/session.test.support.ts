/**
 * For tests: a session with a scripted server, or with a server whose every message the test writes.
 *
 * Bytes only move when the test says so (`exchangeBytes`, `answer`), so each test decides what is in flight.
 */
import type {DatabaseErrorFields} from '../../errors';
import {ByteWriter, FrameDecoder, PROTOCOL_3_2, writeStartup} from '../../protocol';
import type {NotificationResponse} from '../../protocol';
import {FrontendDecoder, ScriptedBackend} from '../../protocol/testing';
import type {BackendScript, FrontendMessage} from '../../protocol/testing';
import {TypeRegistry} from '../../types';
import type {EncodedParameter} from '../../types';
import {ExtendedQuery} from '../exchanges/extended-query';
import {Step} from '../exchanges/step';
import type {RowBatch} from '../rows/row-batch';
import type {Row} from '../rows/row-decoder';
import {PreparedStatements} from '../statements/prepared-statements';
import {Statement} from '../statements/statement';
import type {TransactionStatus} from './exchange';
import {Session} from './session';

export type Write = (writer: ByteWriter) => void;

/** A session whose events are kept, and nothing on the other side. */
export class SessionUnderTest {
  readonly writer = new ByteWriter();
  readonly statements: PreparedStatements;
  readonly notices: DatabaseErrorFields[] = [];
  readonly notifications: NotificationResponse[] = [];
  readonly session: Session;
  /** How often the session said that there is something to flush. */
  flushesAsked = 0;
  exchangesEnded = 0;

  constructor(preparedStatements = 100, alwaysNamed = false) {
    this.statements = new PreparedStatements(preparedStatements, alwaysNamed);
    this.session = new Session(this.writer, new FrameDecoder(), this.statements, new Map(), {
      exchangeEnded: () => this.exchangesEnded++,
      wrote: () => this.flushesAsked++,
      notice: (fields) => this.notices.push(fields),
      notification: (notification) => this.notifications.push(notification),
    });
  }

  /** The server says this. @throws {ProtocolError} As `Session.receive`. */
  answer(...writes: readonly Write[]): void {
    const writer = new ByteWriter();
    for (const write of writes) write(writer);
    this.receive(writer.take());
  }

  /** The memory of the bytes is used for something else at once, as that of a socket's reads is. */
  receive(bytes: Buffer): void {
    const lent = Buffer.from(bytes);
    this.session.receive(lent, 0, lent.length);
    lent.fill(0xff);
  }

  /** What was written since the last time it was looked at. */
  takeWritten(): FrontendMessage[] {
    return new FrontendDecoder('tagged').receive(this.writer.take());
  }
}

export class SessionWithBackend extends SessionUnderTest {
  readonly backend: ScriptedBackend;

  constructor(script: BackendScript, preparedStatements = 100, alwaysNamed = false) {
    super(preparedStatements, alwaysNamed);
    this.backend = new ScriptedBackend(script);
    const startup = new ByteWriter();
    writeStartup(startup, {protocolVersion: PROTOCOL_3_2, parameters: {user: 'u'}});
    this.backend.receive(startup.take());
    this.backend.received.length = 0;
  }

  /** Moves bytes to and fro until there are none; the answers in pieces as `cut` says. */
  exchangeBytes(cut: (bytes: Buffer) => Buffer[] = (bytes) => [bytes]): void {
    while (this.writer.pendingBytes > 0) {
      for (const piece of cut(this.backend.receive(this.writer.take()))) this.receive(piece);
    }
  }

  /** Kinds and names of what the server got since the last time, for example `Parse d1`. */
  takeReceived(): string[] {
    return this.backend.received.splice(0).map(describeMessage);
  }
}

export function describeMessage(message: FrontendMessage): string {
  switch (message.kind) {
    case 'Parse':
    case 'Bind':
      return `${message.kind} ${message.statement === '' ? 'unnamed' : message.statement}`;
    case 'Describe':
    case 'Close':
      return `${message.kind} ${message.target.name === '' ? 'unnamed' : message.target.name}`;
    case 'Execute':
      return message.maxRows === 0 ? 'Execute' : `Execute ${message.maxRows}`;
    default:
      return message.kind;
  }
}

export const registry = new TypeRegistry();

/** A query that keeps what became of it. */
export class TestQuery extends ExtendedQuery {
  settled: 'no' | 'ended' | 'lost' = 'no';
  timesSettled = 0;
  status: TransactionStatus | undefined;
  lostFor: Error | undefined;

  ended(status: TransactionStatus): void {
    this.settled = 'ended';
    this.timesSettled++;
    this.status = status;
  }

  lost(error: Error): void {
    this.settled = 'lost';
    this.timesSettled++;
    this.lostFor = error;
  }

  get rows(): unknown[][] {
    return this.steps.map((step) => step.rows.map((row) => ({...row})));
  }
}

export function queryOf(
  statements: Statement | readonly Statement[],
  parameters: readonly EncodedParameter[] = [],
): TestQuery {
  const all = statements instanceof Statement ? [statements] : statements;
  return new TestQuery(
    all.map((statement) => new Step(statement, parameters)),
    registry,
  );
}

/** What a portal told, read to its end. */
export function rowsIn(batch: RowBatch | undefined): Row[] {
  const rows: Row[] = [];
  for (let row = batch?.next(); row !== undefined; row = batch?.next()) rows.push(row);
  return rows;
}

/** A statement that was used before, so that it is prepared by name. */
export function usedStatement(text: string): Statement {
  const statement = new Statement(text);
  statement.lastUse = 1;
  return statement;
}
