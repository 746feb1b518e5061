/**
 * Asks a server that does not report it whether it is a standby and whether it is read-only.
 *
 * For poolers, and for Postgres before 14: others say it unasked. Sans-I/O, like the handshake that comes
 * before it; one simple query, so one round trip.
 */
import {ProtocolError} from '../../errors';
import {
  BackendTag,
  ByteReader,
  nameOfBackendTag,
  readDataRow,
  readReadyForQuery,
  writeQuery,
} from '../../protocol';
import type {ByteWriter} from '../../protocol';
import type {HandshakeStep} from './handshake';

const QUESTION =
  "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')";

export class SessionQuestion {
  /** Under the names that servers report them by. Empty where the server answered with an error. */
  readonly answers = new Map<string, string>();
  readonly #body = new ByteReader();

  ask(writer: ByteWriter): void {
    writeQuery(writer, QUESTION);
  }

  /** @throws {ProtocolError} The connection is of no use. */
  receive(tag: number, buffer: Buffer, start: number, end: number): HandshakeStep {
    const body = this.#body.reset(buffer, start, end);
    switch (tag) {
      case BackendTag.DataRow: {
        const [standby, readOnly] = readDataRow(body);
        this.answers.set('in_hot_standby', standby?.toString() === 't' ? 'on' : 'off');
        this.answers.set('default_transaction_read_only', readOnly?.toString() ?? 'off');
        return 'read';
      }
      case BackendTag.ReadyForQuery:
        readReadyForQuery(body);
        return 'done';
      case BackendTag.RowDescription:
      case BackendTag.CommandComplete:
      case BackendTag.ErrorResponse:
      case BackendTag.NoticeResponse:
      case BackendTag.ParameterStatus:
        return 'read';
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer a simple query`);
    }
  }
}
