/**
 * Reads the rows of one statement in batches inside a transaction block, and leaves the session to others
 * between two of them.
 *
 * A portal with a name outlives Sync as long as its transaction does, so each batch is an exchange of its
 * own: Execute with a row limit, and Sync. What others send in between stands between two exchanges, and
 * the server does it in that order.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY (named portals)
 *
 * Invariants: at most one exchange of it is in flight, and its batch is told when that has ended. After
 * `ended` it is only sent to close the portal, which nobody waits for.
 */
import type {DatabaseErrorFields} from '../../errors';
import {BackendTag, writeClosePortal, writeExecute, writeSync} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {EncodedParameter} from '../../types';
import type {ExchangeSession, Outcome, TransactionStatus} from '../session/exchange';
import {Phase} from '../session/phase';
import type {PreparedStatement} from '../statements/prepared-statements';
import type {Cursor, CursorEvents} from './portal-cursor';
import {PortalRows} from './portal-rows';

/** The session that a portal shares with others. */
export interface SharedSession {
  send(portal: NamedPortal): void;
  /** @throws The reason why what was asked for before must not be sent any more. */
  assertWritable(): void;
  /** Whether the transaction that the portal belongs to is still there. */
  readonly usable: boolean;
  /** A batch may be cancelled, and the cancel request must not meet what follows. */
  readonly cancellable: boolean;
}

type Progress =
  | 'unbound'
  | 'suspended'
  | 'fetching'
  /** A batch is on its way, and nobody wants it. */
  | 'leaving'
  | 'ended';

let lastPortal = 0;

export class NamedPortal implements Cursor {
  readonly #name = `databases_${++lastPortal}`;
  readonly #rows: PortalRows;
  readonly #events: CursorEvents;
  readonly #shared: SharedSession;
  started: (() => void) | undefined = undefined;
  #session: ExchangeSession | undefined;
  #progress: Progress = 'unbound';
  #limit = 0;
  /** All rows were read. */
  #complete = false;

  constructor(
    prepared: PreparedStatement,
    parameters: readonly EncodedParameter[],
    events: CursorEvents,
    shared: SharedSession,
    comment = '',
  ) {
    this.#rows = new PortalRows(prepared, parameters, comment);
    this.#events = events;
    this.#shared = shared;
  }

  fetch(rows: number): void {
    if (this.#progress !== 'suspended' && this.#progress !== 'unbound') return;
    this.#limit = rows;
    this.#progress = 'fetching';
    this.#shared.send(this);
  }

  close(): 'closed' | 'working' {
    if (this.#progress === 'fetching') this.#progress = 'leaving';
    this.#rows.drop();
    if (this.#progress === 'leaving') return 'working';
    if (this.#progress !== 'ended') this.#end(undefined);
    return 'closed';
  }

  get holdsSession(): boolean {
    return this.#shared.cancellable && this.#progress !== 'ended';
  }

  get suspended(): boolean {
    return this.#progress === 'suspended';
  }

  get outdated(): boolean {
    return this.#rows.outdated;
  }

  get rowBytes(): number {
    return this.#rows.rowBytes;
  }

  write(session: ExchangeSession): Phase {
    let first: Phase = Phase.executing;
    if (this.#progress === 'ended') {
      writeClosePortal(session.writer, this.#name);
      first = Phase.closing;
    } else {
      this.#shared.assertWritable();
      first = this.#writeBatch(session);
    }
    writeSync(session.writer);
    return first;
  }

  #writeBatch(session: ExchangeSession): Phase {
    // It waited to be written, and its reader has gone away in the meantime.
    if (this.#progress === 'leaving') return Phase.syncing;
    const isBound = this.#session !== undefined;
    this.#session = session;
    const first = isBound ? Phase.executing : this.#rows.writeBind(session, this.#name);
    writeExecute(session.writer, this.#name, this.#limit);
    return first;
  }

  row(buffer: Buffer, start: number, end: number): void {
    if (this.#progress === 'fetching') this.#rows.addOne(buffer, start, end);
  }

  rowRun(buffer: Buffer, start: number, end: number, count: number): void {
    if (this.#progress === 'fetching') this.#rows.add(buffer, start, end, count);
  }

  receive(tag: number, body: ByteReader): Phase {
    switch (tag) {
      case BackendTag.PortalSuspended:
        return Phase.syncing;
      case BackendTag.CommandComplete:
      case BackendTag.EmptyQueryResponse:
        this.#complete = true;
        return Phase.syncing;
      case BackendTag.CloseComplete:
        body.expectEnd('CloseComplete');
        return Phase.syncing;
      default:
        return this.#rows.receiveOpening(tag, body);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.#rows.failed(fields, this.#session);
  }

  ready(_status: TransactionStatus): Outcome {
    if (this.#progress === 'ended') return 'done';
    const {error} = this.#rows;
    const isLeft = this.#progress === 'leaving';
    const isOver = isLeft || error !== undefined || this.#complete;
    this.#progress = 'suspended';
    const bytes = this.#rows.untakenBytes;
    const rows = this.#rows.take();
    if (error === undefined && !isLeft) this.#events.batch(rows, this.#complete, bytes);
    if (isOver) this.#end(error);
    return 'done';
  }

  lost(error: Error): void {
    // Of a Close nobody waits for the answer.
    if (this.#progress === 'ended') return;
    this.#progress = 'ended';
    this.#rows.drop();
    this.#events.ended(error);
  }

  #end(error: Error | undefined): void {
    if (this.#progress === 'ended') return;
    this.#progress = 'ended';
    // What a portal holds on the server, such as sorted rows, would otherwise stay until the transaction ends.
    if (this.#session !== undefined && this.#shared.usable) this.#shared.send(this);
    this.#events.ended(error);
  }
}
