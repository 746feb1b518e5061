/**
 * Runs one statement with the extended query protocol and gives whoever asked its result unread, as text. For
 * `@databases/pg/raw`: the statement is parsed under the name it was given, or under none; nothing is described,
 * cached or sent once more.
 *
 * With a row limit the portal stays open between batches and Sync comes at its end (as in portal-cursor.ts).
 * Invariant: Sync is written once for each time the server waits for it.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
import {ProtocolError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  readRowDescription,
  writeBind,
  writeClosePortal,
  writeCopyFail,
  writeDescribePortal,
  writeExecute,
  writeFlush,
  writeParse,
  writeSync,
} from '../../protocol';
import type {BindParameter, ByteReader} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome} from '../session/exchange';
import {Phase} from '../session/phase';
import {readTextRow} from './text-row';
import {NO_DATA_TO_COPY} from './text-script';
import type {TextReader} from './text-script';

export interface TextStatement {
  readonly text: string;
  /** Empty: none, and the next such statement takes its place. */
  readonly name: string;
  readonly parameters: readonly BindParameter[];
  /** Rows of a batch; 0 = all. */
  readonly rowLimit: number;
}

export class TextQuery implements Exchange {
  readonly holdsSession: boolean;
  readonly #statement: TextStatement;
  readonly #reader: TextReader;
  /** The texts of the session's named statements, which this adds its own to. */
  readonly #named: Map<string, string>;
  #session: ExchangeSession | undefined;
  #error: DatabaseErrorFields | undefined;
  #synced = false;
  #suspended = false;
  #closing = false;

  constructor(statement: TextStatement, named: Map<string, string>, reader: TextReader) {
    this.#statement = statement;
    this.#named = named;
    this.#reader = reader;
    this.holdsSession = statement.rowLimit > 0;
  }

  write(session: ExchangeSession): Phase {
    this.#session = session;
    const {name, text, parameters, rowLimit} = this.#statement;
    const out = session.writer;
    const isParsed = name !== '' && this.#named.has(name);
    if (!isParsed) writeParse(out, name, text, []);
    writeBind(out, '', name, parameters, []);
    writeDescribePortal(out, '');
    writeExecute(out, '', rowLimit);
    if (rowLimit > 0) writeFlush(out);
    else this.#writeSync(out);
    return isParsed ? Phase.binding : Phase.parsing;
  }

  /** Asks for the next batch, when suspended. */
  fetch(rows: number): void {
    const session = this.#session;
    if (session === undefined || !this.#suspended) return;
    this.#suspended = false;
    writeExecute(session.writer, '', rows);
    writeFlush(session.writer);
    session.proceed(this, Phase.executing);
  }

  /** Ends the portal: at once where it is suspended, else when the batch under way is in. */
  close(): void {
    this.#closing = true;
    if (this.#session === undefined || !this.#suspended) return;
    this.#session.proceed(this, this.#closePortal(this.#session));
  }

  row(buffer: Buffer, start: number, end: number): void {
    if (!this.#closing) this.#reader.row(readTextRow(buffer, start, end));
  }

  receive(tag: number, body: ByteReader, session: ExchangeSession): Phase {
    const {name, text} = this.#statement;
    switch (tag) {
      case BackendTag.ParseComplete:
        if (name !== '') this.#named.set(name, text);
        return Phase.binding;
      case BackendTag.BindComplete:
        return Phase.describingRows;
      case BackendTag.RowDescription:
        this.#reader.columns(readRowDescription(body));
        return Phase.executing;
      case BackendTag.NoData:
        return Phase.executing;
      case BackendTag.PortalSuspended:
        return this.#endOfBatch(session);
      case BackendTag.CommandComplete:
        this.#reader.complete(readCommandComplete(body));
        return this.#complete(session);
      case BackendTag.EmptyQueryResponse:
        return this.#complete(session);
      case BackendTag.CloseComplete:
        return Phase.syncing;
      case BackendTag.CopyInResponse:
        // In copy mode the server reads past Sync, so the one that was sent is gone.
        writeCopyFail(session.writer, NO_DATA_TO_COPY);
        if (this.#synced) writeSync(session.writer);
        session.wrote();
        return Phase.refusingCopy;
      case BackendTag.CopyOutResponse:
      case BackendTag.CopyData:
      case BackendTag.CopyDone:
        return Phase.copyingOut;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer an extended query`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#error = fields;
    if (this.#synced || this.#session === undefined) return;
    this.#writeSync(this.#session.writer);
    this.#session.wrote();
  }

  ready(): Outcome {
    this.#reader.ended(this.#error);
    return 'done';
  }

  lost(error: Error): void {
    this.#reader.lost(error);
  }

  #endOfBatch(session: ExchangeSession): Phase {
    if (this.#closing) {
      const phase = this.#closePortal(session);
      session.wrote();
      return phase;
    }
    this.#suspended = true;
    // The reader may answer at once by asking for more or by closing; both move the phase on.
    this.#reader.suspended();
    if (this.#synced) return Phase.closing;
    return this.#suspended ? Phase.suspended : Phase.executing;
  }

  #complete(session: ExchangeSession): Phase {
    if (!this.#synced) {
      this.#writeSync(session.writer);
      session.wrote();
    }
    return Phase.syncing;
  }

  #closePortal(session: ExchangeSession): Phase {
    this.#suspended = false;
    writeClosePortal(session.writer, '');
    this.#writeSync(session.writer);
    return Phase.closing;
  }

  #writeSync(out: ExchangeSession['writer']): void {
    this.#synced = true;
    writeSync(out);
  }
}
