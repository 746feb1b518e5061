/**
 * The rows that come out of one portal: kept, counted, and described as before.
 *
 * What both ways to read a portal have in common. It writes nothing and knows of no batch limits.
 */
import {DatabaseError, ProtocolError, ValueError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readRowDescription,
  writeBind,
  writeDescribePortal,
  writeParse,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {EncodedParameter} from '../../types';
import {RowBatch} from '../rows/row-batch';
import type {ExchangeSession} from '../session/exchange';
import {Phase} from '../session/phase';
import {isStale} from '../statements/prepared-statements';
import type {PreparedStatement} from '../statements/prepared-statements';
import type {ResultShape} from '../statements/result-shape';
import {textWithComment} from '../statements/statement';

export class PortalRows {
  readonly #prepared: PreparedStatement;
  readonly #parameters: readonly EncodedParameter[];
  readonly #comment: string;
  /** It has no name on the session, so it is parsed and described in the write that binds it. */
  #parses = false;
  /** In the formats that were asked for, whatever is found out of the statement later. */
  #shape: ResultShape | undefined;
  #batch: RowBatch | undefined;
  #rowsReceived = 0;
  #bytesReceived = 0;
  /** So many bytes had come when rows were last taken. */
  #bytesTaken = 0;
  #rowBytes = 0;
  /** What the server or its description failed with. No row is kept behind it. */
  error: Error | undefined;
  /** The result is not what it was described as: the statement has to be described once more. */
  outdated = false;

  constructor(
    prepared: PreparedStatement,
    parameters: readonly EncodedParameter[],
    comment: string,
  ) {
    this.#prepared = prepared;
    this.#comment = comment;
    this.#parameters = parameters;
  }

  /**
   * Opens the portal. A statement without a name is parsed and described again in the same write: what stands
   * under no name now may be another statement. So is one whose name was given up since it was described.
   */
  writeBind(session: ExchangeSession, portal: string): Phase {
    const out = session.writer;
    const {statement, shape} = this.#prepared;
    this.#parses = !session.statements.has(this.#prepared);
    const name = this.#parses ? '' : this.#prepared.name;
    if (statement.leavesTraces) session.touched = true;
    this.#shape = shape;
    if (this.#parses) writeParse(out, name, textWithComment(statement.text, this.#comment), []);
    writeBind(out, portal, name, this.#parameters, shape?.formats ?? []);
    if (this.#parses) writeDescribePortal(out, portal);
    return this.#parses ? Phase.parsing : Phase.binding;
  }

  /**
   * What a row is to be expected to take: the mean size of all, or of those taken last where that is more. 0 before
   * the first.
   */
  get rowBytes(): number {
    return this.#rowBytes;
  }

  /** The size of the rows that are there to be taken, as they came. */
  get untakenBytes(): number {
    return this.#bytesReceived - this.#bytesTaken;
  }

  /** One row: its body. */
  addOne(buffer: Buffer, start: number, end: number): void {
    if (this.error !== undefined) return;
    this.#bytesReceived += end - start;
    this.#open().addOne(buffer, start, end);
  }

  /** Some rows: their messages. */
  add(buffer: Buffer, start: number, end: number, count: number): void {
    if (this.error !== undefined) return;
    this.#bytesReceived += end - start;
    this.#open().add(buffer, start, end, count);
  }

  #open(): RowBatch {
    return (this.#batch ??= this.#newBatch());
  }

  #newBatch(): RowBatch {
    if (this.#shape === undefined)
      throw new ProtocolError('dataRow came for a statement without rows');
    return new RowBatch(this.#shape.mixed);
  }

  /** What came since the last time. Undefined: nothing did. */
  take(): RowBatch | undefined {
    const batch = this.#batch;
    if (batch === undefined) return undefined;
    this.#batch = undefined;
    this.#rowsReceived += batch.length;
    const mean = this.#bytesReceived / this.#rowsReceived;
    this.#rowBytes = Math.max(mean, this.untakenBytes / batch.length);
    this.#bytesTaken = this.#bytesReceived;
    this.#shape?.mixed.counted(batch.length);
    return batch;
  }

  /** Nobody takes what came since the last time: its memory is free for others. */
  drop(): void {
    this.#batch?.release();
    this.#batch = undefined;
  }

  /** What comes of the messages of `writeBind`. */
  receiveOpening(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.ParseComplete:
        body.expectEnd('ParseComplete');
        return Phase.binding;
      case BackendTag.BindComplete:
        body.expectEnd('BindComplete');
        return this.#parses ? Phase.describingRows : Phase.executing;
      case BackendTag.RowDescription:
        this.#described(body);
        return Phase.executing;
      case BackendTag.NoData:
        body.expectEnd('NoData');
        return Phase.executing;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer a portal`);
    }
  }

  #described(body: ByteReader): void {
    if (this.#prepared.shape?.describes(readRowDescription(body)) === true) return;
    this.outdated = true;
    this.error = columnsChanged();
  }

  failed(fields: DatabaseErrorFields, session: ExchangeSession | undefined): void {
    this.drop();
    this.outdated ||= isStale(fields) || (this.#parses && isFormatMismatch(fields));
    if (isStale(fields)) session?.statements.discard(this.#prepared);
    this.error ??= new DatabaseError(fields, {queryText: this.#prepared.statement.text});
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
