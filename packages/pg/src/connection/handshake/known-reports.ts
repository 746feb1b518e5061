/**
 * Remembers what was reported in the last handshake, so that the next one, in which nearly all is the same, does not
 * read it again and connections that are open at a time share its texts.
 *
 * Nothing depends on whether something is remembered: what differs in one byte is read. Only short reports, and no more
 * of them than Postgres makes, are remembered.
 */
import {readParameterStatus} from '../../protocol';
import type {ByteReader, ParameterStatus} from '../../protocol';

/** Postgres 18 reports 15. */
const MOST_REPORTS = 32;
const LONGEST_BYTES = 256;

interface KnownReport {
  readonly body: Buffer;
  readonly status: ParameterStatus;
}

export class KnownReports {
  /** By their place in the handshake. */
  readonly #known: (KnownReport | undefined)[] = [];

  /**
   * Reads the body, which is `buffer` from `start` to `end`, of a ParameterStatus.
   * @param place How many came before it in this handshake.
   * @throws {ProtocolError} It is malformed.
   */
  read(
    place: number,
    body: ByteReader,
    buffer: Buffer,
    start: number,
    end: number,
  ): ParameterStatus {
    const known = this.#known[place];
    if (known !== undefined && known.body.compare(buffer, start, end) === 0) return known.status;
    const status = readParameterStatus(body);
    if (place < MOST_REPORTS && end - start <= LONGEST_BYTES) {
      // Copied: the buffer is only lent.
      this.#known[place] = {body: Buffer.from(buffer.subarray(start, end)), status};
    }
    return status;
  }
}

/** The one of this process: its connections mostly lead to one server. */
export const knownReports = new KnownReports();
