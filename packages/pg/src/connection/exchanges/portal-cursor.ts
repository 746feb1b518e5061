/**
 * Reads the rows of one statement in batches, through a portal that stays open between them.
 *
 * Its statement was described before, so the rows come in the formats that are read fastest. One without a
 * name is parsed again in the same write: what stands under no name now may be another statement of this
 * session, or of nobody, where a pooler gives each transaction another session. It is described again as
 * well, since its table may have changed in between.
 * Each batch is an Execute with a row limit and a Flush; Sync is only sent at the end, so outside a
 * transaction the portal lives in the implicit one that Sync ends. The next batch is asked for when the
 * reader asks, so the server waits for a slow reader and memory holds one batch. One that becomes large is told
 * in parts, so that its reader can stop the connection in the middle of it.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY (PortalSuspended)
 *
 * Until it has ended nothing else may be sent on the session: whoever opens one holds the session alone.
 * Inside a transaction, named-portal.ts lets others in between two batches.
 */
import type {DatabaseErrorFields} from '../../errors';
import {BackendTag, writeExecute, writeFlush, writeSync} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {EncodedParameter} from '../../types';
import type {RowBatch} from '../rows/row-batch';
import type {Exchange, ExchangeSession, Outcome, TransactionStatus} from '../session/exchange';
import {Phase} from '../session/phase';
import type {PreparedStatement} from '../statements/prepared-statements';
import {PortalRows} from './portal-rows';

export interface CursorEvents {
  /** A batch is in, without rows where it is undefined. `last` when no more rows follow. */
  batch(rows: RowBatch | undefined, last: boolean, bytes: number): void;
  /** Some of a batch is in, and already much: its reader may want to pause the connection. */
  part?(rows: RowBatch, bytes: number): void;
  /** The session is free again; the error that ended the cursor, if one did. */
  ended(error: Error | undefined): void;
}

/** A portal as its reader sees it, whether others may use the session between two batches or not. */
export interface Cursor extends Exchange {
  /** Asks for the next batch. Only after a batch that was not the last. */
  fetch(rows: number): void;
  /**
   * Ends the portal where it stands. `working`: a batch is on its way and ends the portal when it is in;
   * a cancel request makes that sooner.
   */
  close(): 'closed' | 'working';
  /** It has more rows, and none are on their way. */
  readonly suspended: boolean;
  /** Set by whoever wants to know when the server is at it. */
  started: (() => void) | undefined;
  readonly outdated: boolean;
  readonly rowBytes: number;
}

/** As large as a batch gets before a part of it is told: of more than a reader asks for where it knows its rows. */
const PART_BYTES = 2 * 1_048_576;

export class PortalCursor implements Cursor {
  readonly holdsSession = true;
  started: (() => void) | undefined = undefined;
  readonly #rows: PortalRows;
  readonly #events: CursorEvents;
  readonly #batchRows: number;
  #session: ExchangeSession | undefined;
  /** Whether Sync was written: nothing more can be asked for. */
  #synced = false;
  #closing = false;
  suspended = false;

  constructor(
    prepared: PreparedStatement,
    parameters: readonly EncodedParameter[],
    batchRows: number,
    events: CursorEvents,
    comment = '',
  ) {
    this.#rows = new PortalRows(prepared, parameters, comment);
    this.#batchRows = batchRows;
    this.#events = events;
  }

  write(session: ExchangeSession): Phase {
    this.#session = session;
    const first = this.#rows.writeBind(session, '');
    writeExecute(session.writer, '', this.#batchRows);
    writeFlush(session.writer);
    return first;
  }

  fetch(rows: number): void {
    const session = this.#session;
    if (session === undefined || !this.suspended) return;
    this.suspended = false;
    writeExecute(session.writer, '', rows);
    writeFlush(session.writer);
    session.proceed(this, Phase.executing);
  }

  close(): 'closed' | 'working' {
    if (this.suspended) this.#sync(Phase.syncing);
    this.#closing = true;
    this.#rows.drop();
    return this.#synced ? 'closed' : 'working';
  }

  get outdated(): boolean {
    return this.#rows.outdated;
  }

  get rowBytes(): number {
    return this.#rows.rowBytes;
  }

  row(buffer: Buffer, start: number, end: number): void {
    // Nobody wants the rest, and a batch may have much of it.
    if (this.#closing) return;
    this.#rows.addOne(buffer, start, end);
    if (this.#rows.untakenBytes >= PART_BYTES) this.#deliverPart();
  }

  rowRun(buffer: Buffer, start: number, end: number, count: number): void {
    if (this.#closing) return;
    this.#rows.add(buffer, start, end, count);
    if (this.#rows.untakenBytes >= PART_BYTES) this.#deliverPart();
  }

  receive(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.PortalSuspended:
        return this.#endOfBatch();
      case BackendTag.CommandComplete:
      case BackendTag.EmptyQueryResponse:
        this.#sync(undefined);
        this.#deliver(true);
        return Phase.syncing;
      default:
        return this.#rows.receiveOpening(tag, body);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#rows.failed(fields, this.#session);
    this.#sync(undefined);
  }

  ready(_status: TransactionStatus): Outcome {
    this.#events.ended(this.#rows.error);
    return 'done';
  }

  lost(error: Error): void {
    this.#rows.drop();
    this.#events.ended(error);
  }

  #endOfBatch(): Phase {
    if (this.#rows.error !== undefined || this.#closing) {
      this.#sync(undefined);
      return Phase.syncing;
    }
    this.suspended = true;
    // The reader may answer at once by asking for more or by closing; both move the phase on.
    this.#deliver(false);
    if (this.#synced) return Phase.syncing;
    return this.suspended ? Phase.suspended : Phase.executing;
  }

  #deliver(last: boolean): void {
    const bytes = this.#rows.untakenBytes;
    const rows = this.#rows.take();
    if (this.#rows.error === undefined) this.#events.batch(rows, last, bytes);
  }

  #deliverPart(): void {
    if (this.#events.part === undefined || this.#rows.error !== undefined) return;
    const bytes = this.#rows.untakenBytes;
    const rows = this.#rows.take();
    if (rows !== undefined) this.#events.part(rows, bytes);
  }

  #sync(phase: Phase | undefined): void {
    const session = this.#session;
    if (session === undefined || this.#synced) return;
    this.#synced = true;
    this.suspended = false;
    writeSync(session.writer);
    if (phase === undefined) session.wrote();
    else session.proceed(this, phase);
  }
}
