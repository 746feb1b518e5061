/**
 * Reads the rows of one statement in batches, through a portal that stays open between them.
 *
 * Its statement was described before, so the rows come in the formats that are read fastest. One without a
 * name is parsed again in the same write: what stands under no name now may be another statement of this
 * session, or of nobody, where a pooler gives each transaction another session. It is described again as
 * well, since its table may have changed in between.
 * Each batch is an Execute with a row limit and a Flush; Sync is only sent at the end, so outside a
 * transaction the portal lives in the implicit one that Sync ends. The next batch is asked for when the
 * reader asks, so the server waits for a slow reader and memory holds one batch.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY (PortalSuspended)
 *
 * Until it has ended nothing else may be sent on the session: whoever opens one holds the session alone.
 */
import {DatabaseError, ProtocolError, ValueError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readRowDescription,
  writeBind,
  writeDescribePortal,
  writeExecute,
  writeFlush,
  writeParse,
  writeSync,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {EncodedParameter} from '../../types';
import type {Exchange, ExchangeSession, Outcome, TransactionStatus} from '../exchange';
import {Phase} from '../phase';
import {isStale} from '../prepared-statements';
import type {PreparedStatement} from '../prepared-statements';
import type {Row} from '../row-decoder';

export interface CursorEvents {
  /** A batch is in. `last` when no more rows follow. */
  batch(rows: Row[], last: boolean): void;
  /** The session is free again; the error that ended the cursor, if one did. */
  ended(error: Error | undefined): void;
}

export class PortalCursor implements Exchange {
  readonly holdsSession = true;
  readonly #prepared: PreparedStatement;
  readonly #parameters: readonly EncodedParameter[];
  readonly #events: CursorEvents;
  readonly #batchRows: number;
  #session: ExchangeSession | undefined;
  #rows: Row[] = [];
  #rowsReceived = 0;
  #bytesReceived = 0;
  #error: Error | undefined;
  /** Whether Sync was written: nothing more can be asked for. */
  #synced = false;
  #suspended = false;
  #closing = false;
  /** The result is not what it was described as: the statement has to be described once more. */
  outdated = false;

  constructor(
    prepared: PreparedStatement,
    parameters: readonly EncodedParameter[],
    batchRows: number,
    events: CursorEvents,
  ) {
    this.#prepared = prepared;
    this.#parameters = parameters;
    this.#batchRows = batchRows;
    this.#events = events;
  }

  write(session: ExchangeSession): Phase {
    const out = session.writer;
    this.#session = session;
    const {name, statement, shape} = this.#prepared;
    if (statement.leavesTraces) session.touched = true;
    if (this.#isUnnamed) writeParse(out, name, statement.text, []);
    writeBind(out, '', name, this.#parameters, shape?.formats ?? []);
    if (this.#isUnnamed) writeDescribePortal(out, '');
    writeExecute(out, '', this.#batchRows);
    writeFlush(out);
    return this.#isUnnamed ? Phase.parsing : Phase.binding;
  }

  /** Asks for the next batch. Only after a batch that was not the last. */
  fetch(rows: number): void {
    const session = this.#session;
    if (session === undefined || !this.#suspended) return;
    this.#suspended = false;
    writeExecute(session.writer, '', rows);
    writeFlush(session.writer);
    session.proceed(this, Phase.executing);
  }

  /**
   * Ends the portal where it stands. `working`: a batch is on its way and ends the portal when it is in;
   * a cancel request makes that sooner.
   */
  close(): 'closed' | 'working' {
    if (this.#suspended) this.#sync(Phase.syncing);
    this.#closing = true;
    return this.#synced ? 'closed' : 'working';
  }

  /** The mean size of a row so far, as it came. 0 before the first. */
  get rowBytes(): number {
    return this.#rowsReceived === 0 ? 0 : this.#bytesReceived / this.#rowsReceived;
  }

  row(buffer: Buffer, start: number, end: number): void {
    if (this.#error !== undefined) return;
    this.#bytesReceived += end - start;
    const {shape} = this.#prepared;
    if (shape === undefined) throw new ProtocolError('dataRow came for a statement without rows');
    try {
      this.#rows.push(shape.mixed.decode(buffer, start, end));
    } catch (error) {
      if (error instanceof ProtocolError || !(error instanceof Error)) throw error;
      this.#error = error;
    }
  }

  receive(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.ParseComplete:
        body.expectEnd('ParseComplete');
        return Phase.binding;
      case BackendTag.BindComplete:
        body.expectEnd('BindComplete');
        return this.#isUnnamed ? Phase.describingRows : Phase.executing;
      case BackendTag.RowDescription:
        if (this.#prepared.shape?.describes(readRowDescription(body)) !== true) {
          this.outdated = true;
          this.#error = columnsChanged();
        }
        return Phase.executing;
      case BackendTag.NoData:
        body.expectEnd('NoData');
        return Phase.executing;
      case BackendTag.PortalSuspended:
        return this.#endOfBatch();
      case BackendTag.CommandComplete:
      case BackendTag.EmptyQueryResponse:
        this.#sync(undefined);
        this.#deliver(true);
        return Phase.syncing;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer a cursor`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.outdated ||= isStale(fields) || (this.#isUnnamed && isFormatMismatch(fields));
    if (isStale(fields)) this.#session?.statements.discard(this.#prepared);
    this.#error ??= new DatabaseError(fields, {
      queryText: this.#prepared.statement.text,
    });
    this.#sync(undefined);
  }

  ready(_status: TransactionStatus): Outcome {
    this.#events.ended(this.#error);
    return 'done';
  }

  lost(error: Error): void {
    this.#events.ended(error);
  }

  get #isUnnamed(): boolean {
    return this.#prepared.name === '';
  }

  #endOfBatch(): Phase {
    if (this.#error !== undefined || this.#closing) {
      this.#sync(undefined);
      return Phase.syncing;
    }
    this.#suspended = true;
    // The reader may answer at once by asking for more or by closing; both move the phase on.
    this.#deliver(false);
    if (this.#synced) return Phase.syncing;
    return this.#suspended ? Phase.suspended : Phase.executing;
  }

  #deliver(last: boolean): void {
    const rows = this.#rows;
    this.#rows = [];
    this.#rowsReceived += rows.length;
    this.#prepared.shape?.mixed.counted(rows.length);
    if (this.#error === undefined) this.#events.batch(rows, last);
  }

  #sync(phase: Phase | undefined): void {
    const session = this.#session;
    if (session === undefined || this.#synced) return;
    this.#synced = true;
    this.#suspended = false;
    writeSync(session.writer);
    if (phase === undefined) session.wrote();
    else session.proceed(this, phase);
  }
}

/** exec_bind_message() in postgres.c: as many formats as the result had columns when it was described. */
function isFormatMismatch({code, routine}: DatabaseErrorFields): boolean {
  return code === '08P01' && routine === 'PortalSetResultFormat';
}

function columnsChanged(): ValueError {
  return new ValueError(
    'the columns of the result changed between their description and the rows, because a table was altered; run the query again',
    {code: 'PG_VALUE_MALFORMED'},
  );
}
