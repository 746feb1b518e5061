/**
 * COPY TO STDOUT: sends the statement and hands on the data, message by message.
 *
 * It does not hold data back or pause anything: who takes the data sees to that. Once `discard` was called it
 * reads past what still comes. With the simple query protocol, as copy-in.ts.
 */
import {DatabaseError, ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  readCopyData,
  readCopyResponse,
  writeQuery,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome} from '../session/exchange';
import {Phase} from '../session/phase';
import {copiedRows} from './copy-answers';

export interface CopyOutEvents {
  /** The bytes are only lent for the length of the call. */
  data(bytes: Buffer): void;
  /** The session is free again: how many rows there were, or what went wrong. */
  ended(outcome: number | Error): void;
}

export class CopyOut implements Exchange {
  readonly holdsSession = true;
  started: (() => void) | undefined = undefined;
  readonly #text: string;
  readonly #events: CopyOutEvents;
  #discarding = false;
  #rows = 0;
  #error: DatabaseErrorFields | undefined;

  constructor(text: string, events: CopyOutEvents) {
    this.#text = text;
    this.#events = events;
  }

  write(session: ExchangeSession): Phase {
    writeQuery(session.writer, this.#text);
    return Phase.startingCopy;
  }

  /** Nobody wants the rest. */
  discard(): void {
    this.#discarding = true;
  }

  row(): void {
    throw new ProtocolError('DataRow does not answer COPY TO STDOUT');
  }

  receive(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.CopyOutResponse:
        readCopyResponse(body);
        return Phase.copyingOut;
      case BackendTag.CopyData:
        if (!this.#discarding) this.#events.data(readCopyData(body));
        return Phase.copyingOut;
      case BackendTag.CopyDone:
        body.expectEnd('CopyDone');
        return Phase.copyingOut;
      case BackendTag.CommandComplete:
        this.#rows = copiedRows(readCommandComplete(body));
        return Phase.syncing;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer COPY TO STDOUT`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#error = fields;
  }

  ready(): Outcome {
    this.#events.ended(
      this.#error === undefined
        ? this.#rows
        : new DatabaseError(this.#error, {queryText: this.#text}),
    );
    return 'done';
  }

  lost(error: Error): void {
    this.#events.ended(error);
  }
}
