/**
 * Runs a text with the simple query protocol: any number of statements, no parameters, rows left unread.
 *
 * Only this package's own texts go this way (DISCARD ALL, ROLLBACK): what a user writes is always sent
 * with the extended protocol, where a text can be one statement only.
 */
import {DatabaseError, ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  writeCopyFail,
  writeQuery,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome, TransactionStatus} from '../exchange';
import {Phase} from '../phase';

export class SimpleQuery implements Exchange {
  readonly #text: string;
  readonly #done: (error: Error | undefined, tags: readonly string[]) => void;
  readonly #tags: string[] = [];
  #error: DatabaseErrorFields | undefined;

  constructor(text: string, done: (error: Error | undefined, tags: readonly string[]) => void) {
    this.#text = text;
    this.#done = done;
  }

  write(session: ExchangeSession): Phase {
    writeQuery(session.writer, this.#text);
    return Phase.simple;
  }

  row(): void {}

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
