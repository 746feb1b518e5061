/**
 * COPY FROM STDIN: sends the statement, says when the server awaits data, and ends the data. The data itself
 * is written past it (`Connection.writeThrough`), so that rows are encoded once, into what the socket sends.
 *
 * The simple query protocol carries it, as in libpq: an error then ends the copy with ReadyForQuery of its own
 * accord, and what was sent of the data meanwhile is dropped by the server, so there is no Sync to count.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY
 *
 * Invariants: nothing is sent behind it until it has ended; CopyDone or CopyFail is written once, and no data
 * is asked for after it.
 */
import {DatabaseError, ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  readCopyResponse,
  writeCopyDone,
  writeCopyFail,
  writeQuery,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome} from '../session/exchange';
import {Phase} from '../session/phase';
import {copiedRows, placeOfCopyError} from './copy-answers';

export interface CopyInEvents {
  /** The server awaits data. */
  opened(): void;
  /** The session is free again: how many rows were stored, or why none was. */
  ended(outcome: number | Error): void;
}

type CopyInPhase = 'starting' | 'open' | 'closed';

export class CopyIn implements Exchange {
  readonly holdsSession = true;
  started: (() => void) | undefined = undefined;
  readonly #text: string;
  readonly #events: CopyInEvents;
  #phase: CopyInPhase = 'starting';
  #session: ExchangeSession | undefined;
  #failReason: string | undefined;
  #rows = 0;
  #error: DatabaseErrorFields | undefined;

  constructor(text: string, events: CopyInEvents) {
    this.#text = text;
    this.#events = events;
  }

  /** Whether the server takes data. */
  get open(): boolean {
    return this.#phase === 'open';
  }

  write(session: ExchangeSession): Phase {
    this.#session = session;
    writeQuery(session.writer, this.#text);
    return Phase.startingCopy;
  }

  /** All data was written. */
  done(): void {
    const session = this.#close();
    if (session === undefined) return;
    writeCopyDone(session.writer);
    session.wrote();
  }

  /**
   * Has the server undo the copy: at once, or as soon as it awaits data. `reason` goes into its log. While it awaits
   * data it does not look for cancel requests, so this is how a copy is cancelled, too.
   */
  fail(reason: string): void {
    this.#failReason ??= reason;
    const session = this.#close();
    if (session === undefined) return;
    writeCopyFail(session.writer, this.#failReason);
    session.wrote();
  }

  row(): void {
    throw new ProtocolError('DataRow does not answer COPY FROM STDIN');
  }

  receive(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.CopyInResponse:
        readCopyResponse(body);
        this.#phase = 'open';
        if (this.#failReason === undefined) this.#events.opened();
        else this.fail(this.#failReason);
        return this.open ? Phase.copyingIn : Phase.endingCopy;
      case BackendTag.CommandComplete:
        this.#phase = 'closed';
        this.#rows = copiedRows(readCommandComplete(body));
        return Phase.syncing;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer COPY FROM STDIN`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#phase = 'closed';
    this.#error = fields;
  }

  ready(): Outcome {
    this.#events.ended(
      this.#error === undefined
        ? this.#rows
        : new DatabaseError(this.#error, {
            queryText: this.#text,
            ...placeOfCopyError(this.#error),
          }),
    );
    return 'done';
  }

  lost(error: Error): void {
    this.#phase = 'closed';
    this.#events.ended(error);
  }

  #close(): ExchangeSession | undefined {
    if (this.#phase !== 'open') return undefined;
    this.#phase = 'closed';
    this.#session?.proceed(this, Phase.endingCopy);
    return this.#session;
  }
}
