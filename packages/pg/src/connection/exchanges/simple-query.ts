/**
 * Runs a text with the simple query protocol: any number of statements, no parameters. Rows are
 * left unread, or given as text to whoever asks for them.
 *
 * Only this package's own texts go this way (DISCARD ALL, ROLLBACK, what the doctor asks): what a user writes is always sent
 * with the extended protocol, where a text can be one statement only.
 */
import {DatabaseError, ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  ByteReader,
  nameOfBackendTag,
  readCommandComplete,
  readDataRow,
  writeCopyFail,
  writeQuery,
} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome, TransactionStatus} from '../session/exchange';
import {Phase} from '../session/phase';

export class SimpleQuery implements Exchange {
  readonly #text: string;
  readonly #done: (error: Error | undefined, tags: readonly string[]) => void;
  readonly #tags: string[] = [];
  readonly #row: ((values: (string | null)[]) => void) | undefined;
  #error: DatabaseErrorFields | undefined;

  constructor(
    text: string,
    done: (error: Error | undefined, tags: readonly string[]) => void,
    row?: (values: (string | null)[]) => void,
  ) {
    this.#row = row;
    this.#text = text;
    this.#done = done;
  }

  write(session: ExchangeSession): Phase {
    writeQuery(session.writer, this.#text);
    return Phase.simple;
  }

  row(buffer: Buffer, start: number, end: number): void {
    if (this.#row === undefined) return;
    const values = readDataRow(new ByteReader().reset(buffer, start, end));
    this.#row(values.map((value) => value?.toString('utf8') ?? null));
  }

  receive(tag: number, body: ByteReader, session: ExchangeSession): Phase {
    switch (tag) {
      case BackendTag.CommandComplete:
        this.#tags.push(readCommandComplete(body));
        return Phase.simple;
      case BackendTag.CopyInResponse:
        writeCopyFail(session.writer, 'there is no data to copy');
        session.wrote();
        return Phase.simple;
      case BackendTag.RowDescription:
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

  ready(_status: TransactionStatus): Outcome {
    const error =
      this.#error === undefined
        ? undefined
        : new DatabaseError(this.#error, {queryText: this.#text});
    this.#done(error, this.#tags);
    return 'done';
  }

  lost(error: Error): void {
    this.#done(error, this.#tags);
  }
}
