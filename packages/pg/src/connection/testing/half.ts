/** What the fuzzer, the recorder and the conversations agree on. */
import type {PgError} from '../../errors';
import type {ByteWriter} from '../../protocol';
import type {Exchange} from '../session/exchange';

/** Tells how an exchange ended: a summary of its answer, the same for the same answer. */
export type Settle = (outcome: string) => void;
/** What is asked, one after another, each when those before it have been answered. */
export type Conversation = readonly ((settle: Settle, writer: ByteWriter) => Exchange)[];

export interface Half {
  /**
   * Takes bytes, which may be overwritten as soon as it returns or resolves.
   * @throws {PgError} The session is over. Any other error is a mistake of this side.
   */
  receive(bytes: Buffer): void | Promise<void>;
  /** What was written since the last time. */
  take(): Buffer;
  /** Whether all was answered. */
  readonly done: boolean;
  /** The connection is gone. Gives how everything ended. @throws What never ended, or ended twice. */
  end(reason: PgError): readonly string[];
}
