/**
 * An exchange is what one request sends until its ReadyForQuery: it writes its frames once and is then
 * handed the answers, in order. A session has any number of exchanges in flight.
 *
 * Invariants: exactly one of `ready` (without `again`) and `lost` ends an exchange; no method of an
 * exchange may throw anything but a ProtocolError, which ends the session.
 */
import type {DatabaseErrorFields} from '../../errors';
import type {ByteReader, ByteWriter} from '../../protocol';
import type {PreparedStatements} from '../statements/prepared-statements';
import type {Phase} from './phase';

/** What ReadyForQuery says of the session: no transaction, in one, or in one that failed. */
export type TransactionStatus = 'idle' | 'inTransaction' | 'failed';

/** What is to become of an exchange whose ReadyForQuery came. */
export type Outcome =
  | 'done'
  /** It is known not to have taken effect, for a reason that is not the caller's: send it once more. */
  | 'again';

/** What an exchange may see and do of the session that it runs on. */
export interface ExchangeSession {
  readonly writer: ByteWriter;
  readonly statements: PreparedStatements;
  /** How many exchanges have no ReadyForQuery yet, this one included. */
  readonly inFlight: number;
  /** Something was left behind that the next user of the session would see. */
  touched: boolean;
  /** A cancel request is on its way: the query it hits may not be the one it meant. */
  readonly cancelling: boolean;
  /** `exchange` wrote more of itself and now waits for something else. */
  proceed(exchange: Exchange, phase: Phase): void;
  /** More was written than in `write`: it wants to be flushed. */
  wrote(): void;
}

export interface Exchange {
  /**
   * Nothing is sent behind it until it has ended: because its Sync comes later than its first message, or
   * because what follows must not run unless it did what it was sent for.
   */
  readonly holdsSession?: boolean;
  /**
   * Writes the frames, Sync included, and gives the phase that awaits the first answer.
   * @throws {ValueError} What was written by this call is then taken back by the session.
   */
  write(session: ExchangeSession): Phase;
  /** The body of a DataRow. The bytes are only lent: what outlives the call must be copied. */
  row(buffer: Buffer, start: number, end: number): void;
  /**
   * Several DataRows in one, for an exchange that does not look at them yet: messages with their headers, one behind
   * the other in memory, of at most 64 KiB. Those that stand alone come to `row` all the same.
   */
  rowRun?(buffer: Buffer, start: number, end: number, count: number): void;
  /** Any other answer that is legal in the present phase. Gives the next phase. */
  receive(tag: number, body: ByteReader, session: ExchangeSession): Phase;
  /** An ErrorResponse: the server skips the rest of this exchange. */
  failed(fields: DatabaseErrorFields): void;
  /** Set by one that wants to know when all before it have ended, so that the server is at it. */
  readonly started?: (() => void) | undefined;
  ready(status: TransactionStatus, session: ExchangeSession): Outcome;
  /** The connection ended, or the frames could not be written: no ReadyForQuery will come. */
  lost(error: Error): void;
}
