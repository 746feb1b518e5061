/**
 * An exchange is what one request sends until its ReadyForQuery: it writes its frames once and is then
 * handed the answers, in order. A session has any number of exchanges in flight.
 *
 * Invariants: exactly one of `ready` (without `again`) and `lost` ends an exchange; no method of an
 * exchange may throw anything but a ProtocolError, which ends the session.
 */
import type {DatabaseErrorFields} from '../errors';
import type {ByteReader} from '../protocol';
import type {Phase} from './phase';
import type {Session} from './session';

/** What ReadyForQuery says of the session: no transaction, in one, or in one that failed. */
export type TransactionStatus = 'idle' | 'inTransaction' | 'failed';

/** What is to become of an exchange whose ReadyForQuery came. */
export type Outcome =
  | 'done'
  /** It is known not to have taken effect, for a reason that is not the caller's: send it once more. */
  | 'again';

export interface Exchange {
  /**
   * Writes the frames, Sync included, and gives the phase that awaits the first answer.
   * @throws {ValueError} What was written by this call is then taken back by the session.
   */
  write(session: Session): Phase;
  /** A DataRow. The bytes are only lent: what outlives the call must be copied. */
  row(buffer: Buffer, start: number, end: number): void;
  /** Any other answer that is legal in the present phase. Gives the next phase. */
  receive(tag: number, body: ByteReader, session: Session): Phase;
  /** An ErrorResponse: the server skips the rest of this exchange. */
  failed(fields: DatabaseErrorFields): void;
  ready(status: TransactionStatus, session: Session): Outcome;
  /** The connection ended, or the frames could not be written: no ReadyForQuery will come. */
  lost(error: Error): void;
}
