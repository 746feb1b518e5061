/**
 * Runs a text with the simple query protocol and gives whoever asked all of its results, unread: one per statement,
 * each value as the text that Postgres made of it. For `@databases/pg/raw`; what this package runs for itself is
 * simple-query.ts.
 *
 * A statement that wants data to copy is refused, as nobody has any.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY
 */
import {ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  readRowDescription,
  writeCopyFail,
  writeQuery,
} from '../../protocol';
import type {ByteReader, Column} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome} from '../session/exchange';
import {Phase} from '../session/phase';
import {readTextRow} from './text-row';

/** Told of a result as it comes. Nothing of it may throw. */
export interface TextReader {
  /** A result with rows begins. */
  columns(columns: readonly Column[]): void;
  row(values: (string | null)[]): void;
  /** A statement was completed. Not called for an empty text. */
  complete(commandTag: string): void;
  /** As many rows are in as were asked for, and there may be more: `fetch` or `close` is next. */
  suspended(): void;
  /** The session is free again. With what the server reported, where it did. */
  ended(error: DatabaseErrorFields | undefined): void;
  /** It could not be sent, or the connection was lost: `ended` is not called. */
  lost(error: Error): void;
}

export const NO_DATA_TO_COPY = 'No source stream defined';

export class TextScript implements Exchange {
  readonly #text: string;
  readonly #reader: TextReader;
  #error: DatabaseErrorFields | undefined;

  constructor(text: string, reader: TextReader) {
    this.#text = text;
    this.#reader = reader;
  }

  write(session: ExchangeSession): Phase {
    writeQuery(session.writer, this.#text);
    return Phase.simple;
  }

  row(buffer: Buffer, start: number, end: number): void {
    this.#reader.row(readTextRow(buffer, start, end));
  }

  receive(tag: number, body: ByteReader, session: ExchangeSession): Phase {
    switch (tag) {
      case BackendTag.RowDescription:
        this.#reader.columns(readRowDescription(body));
        return Phase.simple;
      case BackendTag.CommandComplete:
        this.#reader.complete(readCommandComplete(body));
        return Phase.simple;
      case BackendTag.CopyInResponse:
        writeCopyFail(session.writer, NO_DATA_TO_COPY);
        session.wrote();
        return Phase.simple;
      case BackendTag.EmptyQueryResponse:
      case BackendTag.CopyOutResponse:
      case BackendTag.CopyData:
      case BackendTag.CopyDone:
        return Phase.simple;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer a simple query`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#error = fields;
  }

  ready(): Outcome {
    this.#reader.ended(this.#error);
    return 'done';
  }

  lost(error: Error): void {
    this.#reader.lost(error);
  }
}
