/**
 * The state of one Postgres session, without I/O: requests go in as exchanges and come out as bytes in
 * `writer`; the server's bytes go in through `receive` and come out as calls on the exchange they answer.
 *
 * It does not open, write to or close a socket, keeps no timers and does not authenticate (handshake.ts).
 *
 * Invariants: answers are attributed in the order the exchanges were sent; a message that the current
 * phase does not allow is a ProtocolError, never an answer to somebody else's request.
 */
import {ProtocolError, SQLErrorCode, asError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  ByteReader,
  FRAME_HEADER_BYTES,
  nameOfBackendTag,
  readErrorFields,
  readNotificationResponse,
  readParameterStatus,
  readReadyForQuery,
} from '../../protocol';
import type {ByteWriter, FrameDecoder, NotificationResponse} from '../../protocol';
import type {PreparedStatements} from '../statements/prepared-statements';
import type {Exchange, ExchangeSession, TransactionStatus} from './exchange';
import {Phase, describeIllegal, isLegal} from './phase';
import {keepReported} from './reported-parameters';

export interface SessionEvents {
  /** An exchange ended. `inFlight` is what is left. */
  exchangeEnded(session: Session): void;
  /** An exchange wrote outside of `send`: the bytes want to be flushed. */
  wrote(): void;
  notice(fields: DatabaseErrorFields): void;
  notification(notification: NotificationResponse): void;
  /** A statement failed because the session may only read. */
  writeRefused?(): void;
}

/** Constants of this module: behind the index of another they are getters, asked for with each row. */
const DATA_ROW = BackendTag.DataRow;
const HEADER_BYTES = FRAME_HEADER_BYTES;

/** As much as is read from a socket at once. */
const LONGEST_RUN_BYTES = 65_536;

const STATUS: Record<'I' | 'T' | 'E', TransactionStatus> = {
  I: 'idle',
  T: 'inTransaction',
  E: 'failed',
};

export class Session implements ExchangeSession {
  readonly writer: ByteWriter;
  readonly statements: PreparedStatements;
  /** Server settings as last reported, for example `server_version` and `TimeZone`. */
  readonly parameters: Map<string, string>;
  transactionStatus: TransactionStatus = 'idle';
  /** Command tags that leave something behind in the session, such as SET and LISTEN, were seen. */
  touched = false;
  /** A cancel request for this session is on its way: the query it hits may not be the one it meant. */
  cancelling = false;
  /** A FATAL error, kept because the server says why before it hangs up. */
  farewell: DatabaseErrorFields | undefined;

  readonly #events: SessionEvents;
  readonly #decoder: FrameDecoder;
  readonly #body = new ByteReader();
  #phase: Phase = Phase.idle;
  /** In flight are those from `#head` up to `#tail`: emptied by moving these, as cutting an array costs its memory. */
  #exchanges: (Exchange | undefined)[] = [];
  #firstPhases: Phase[] = [];
  #head = 0;
  #tail = 0;
  /** How many exchanges were written so far, a second time included: the last is the last in flight. */
  sent = 0;
  /** So many of them were given to the socket. What comes now cannot answer one that was written later. */
  flushed = Number.POSITIVE_INFINITY;

  constructor(
    writer: ByteWriter,
    decoder: FrameDecoder,
    statements: PreparedStatements,
    parameters: Map<string, string>,
    events: SessionEvents,
  ) {
    this.writer = writer;
    this.#decoder = decoder;
    this.statements = statements;
    this.parameters = parameters;
    this.#events = events;
  }

  get inFlight(): number {
    return this.#tail - this.#head;
  }

  /** An answer is due. It is not where a portal waits for its reader to ask for more. */
  get awaitsServer(): boolean {
    return this.inFlight > 0 && this.#phase !== Phase.suspended;
  }

  get isCopyingIn(): boolean {
    return this.#phase === Phase.copyingIn;
  }

  /** The exchange that the server is working on, as far as this side knows. */
  get current(): Exchange | undefined {
    return this.#exchanges[this.#head];
  }

  /** Writes an exchange behind those in flight. False: it could not be written and left no byte behind. */
  send(exchange: Exchange): boolean {
    const mark = this.writer.mark();
    let first: Phase;
    try {
      first = exchange.write(this);
    } catch (error) {
      this.writer.rollback(mark);
      exchange.lost(asError(error));
      return false;
    }
    const at = this.#tail++;
    if (at === this.#head) this.#phase = first;
    this.#exchanges[at] = exchange;
    this.#firstPhases[at] = first;
    this.sent++;
    return true;
  }

  /** The exchange at the head wrote more of itself and now waits for something else. */
  proceed(exchange: Exchange, phase: Phase): void {
    if (this.current === exchange) this.#phase = phase;
    this.wrote();
  }

  /** An exchange wrote more than it did in `write`: the bytes want to be flushed. */
  wrote(): void {
    this.#events.wrote();
  }

  /** @throws {ProtocolError} The session is over; the caller closes the connection. */
  receive(buffer: Buffer, start: number, end: number): void {
    const decoder = this.#decoder;
    decoder.push(buffer, start, end);
    let more = decoder.next();
    while (more) {
      const tag = decoder.tag;
      if (tag === DATA_ROW && isLegal(this.#phase, tag)) {
        // A row ends neither the phase nor the exchange, so those behind it go the same way.
        const exchange = this.#currentExchange();
        if (exchange.rowRun !== undefined) {
          more = this.#receiveRuns(exchange, buffer);
          continue;
        }
        do {
          exchange.row(decoder.buffer, decoder.start, decoder.end);
          more = decoder.next();
        } while (more && decoder.tag === DATA_ROW);
      } else {
        this.#receiveMessage(tag, this.#body.reset(decoder.buffer, decoder.start, decoder.end));
        more = decoder.next();
      }
    }
  }

  /** Gives an exchange the rows up to the next other message. Whether there is one. */
  #receiveRuns(exchange: Exchange, chunk: Buffer): boolean {
    const decoder = this.#decoder;
    let more = true;
    while (more && decoder.tag === DATA_ROW) {
      const {buffer, start, end} = decoder;
      const from = start - HEADER_BYTES;
      // What was collected in other memory is overwritten by the next frame that is.
      if (buffer !== chunk || end - from > LONGEST_RUN_BYTES) {
        exchange.row(buffer, start, end);
        more = decoder.next();
        continue;
      }
      let to = end;
      let count = 1;
      while (
        (more = decoder.next()) &&
        decoder.tag === DATA_ROW &&
        decoder.end - from <= LONGEST_RUN_BYTES
      ) {
        to = decoder.end;
        count++;
      }
      exchange.rowRun?.(chunk, from, to, count);
    }
    return more;
  }

  /** Memory that the next bytes should be read to, if there is a large message under way. */
  lendRoom(): Buffer | undefined {
    return this.#decoder.lendRoom();
  }

  /** Ends every exchange in flight with `error`, which is told how many were written before this one. */
  abandon(error: (before: number) => Error): void {
    const exchanges = this.#exchanges.slice(this.#head, this.#tail);
    let before = this.sent - exchanges.length;
    this.#exchanges = [];
    this.#firstPhases = [];
    this.#head = 0;
    this.#tail = 0;
    this.#phase = Phase.idle;
    for (const exchange of exchanges) exchange?.lost(error(before++));
  }

  #receiveMessage(tag: number, body: ByteReader): void {
    switch (tag) {
      case BackendTag.ErrorResponse:
        return this.#receiveError(readErrorFields(body));
      case BackendTag.NoticeResponse:
        return this.#events.notice(readErrorFields(body));
      case BackendTag.NotificationResponse:
        return this.#events.notification(readNotificationResponse(body));
      case BackendTag.ParameterStatus: {
        const {name, value} = readParameterStatus(body);
        return keepReported(this.parameters, name, value);
      }
    }
    if (this.sent - this.inFlight >= this.flushed && this.inFlight > 0) {
      throw new ProtocolError(`${nameOfBackendTag(tag)} came before what it would answer was sent`);
    }
    if (!isLegal(this.#phase, tag)) throw new ProtocolError(describeIllegal(this.#phase, tag));
    if (tag === BackendTag.ReadyForQuery) return this.#receiveReady(body);
    this.#phase = this.#currentExchange().receive(tag, body, this);
  }

  #receiveError(fields: DatabaseErrorFields): void {
    if (fields.severityNonLocalized === 'FATAL' || fields.severityNonLocalized === 'PANIC') {
      this.farewell = fields;
      return;
    }
    if (this.#phase === Phase.idle || this.#phase === Phase.discarding) {
      throw new ProtocolError(
        `${describeIllegal(this.#phase, BackendTag.ErrorResponse)}: ${fields.message}`,
      );
    }
    if (fields.code === SQLErrorCode.READ_ONLY_SQL_TRANSACTION) this.#events.writeRefused?.();
    // After an error of the simple protocol ReadyForQuery comes too, so one phase serves both.
    this.#phase = Phase.discarding;
    this.#currentExchange().failed(fields);
  }

  #receiveReady(body: ByteReader): void {
    this.transactionStatus = STATUS[readReadyForQuery(body)];
    const exchange = this.#currentExchange();
    this.#dropHead();
    if (exchange.ready(this.transactionStatus, this) === 'again' && this.send(exchange)) {
      this.wrote();
    }
    this.#events.exchangeEnded(this);
  }

  #dropHead(): void {
    // An exchange that has ended must not be kept by its place.
    this.#exchanges[this.#head++] = undefined;
    if (this.#head === this.#tail) {
      this.#head = 0;
      this.#tail = 0;
      this.#phase = Phase.idle;
      if (this.#exchanges.length > KEPT_PLACES) {
        this.#exchanges = [];
        this.#firstPhases = [];
      }
      return;
    }
    this.#phase = this.#firstPhases[this.#head] ?? Phase.idle;
    if (this.#head === COMPACT_AT) {
      this.#exchanges.splice(0, COMPACT_AT);
      this.#firstPhases.splice(0, COMPACT_AT);
      this.#head = 0;
      this.#tail -= COMPACT_AT;
    }
  }

  #currentExchange(): Exchange {
    const exchange = this.#exchanges[this.#head];
    if (exchange === undefined) {
      throw new ProtocolError(`${nameOfBackendTag(this.#decoder.tag)} answers no request`);
    }
    return exchange;
  }
}

/** The queue is an array with a moving head; this is how far the head moves before the array is cut. */
const COMPACT_AT = 64;

/** Where it became longer than this, its memory is let go of when it is empty. */
const KEPT_PLACES = 2 * COMPACT_AT;
