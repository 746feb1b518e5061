/** A query on a connection that one caller holds, and what the holder has to hear of it. */
import type {Connection, ExchangeSession, Phase, Step, TransactionStatus} from '../../connection';
import {QueryCall} from '../queries/query-call';
import type {Answer, QueryOwner, Resolve} from '../queries/query-call';
import {PooledStatement} from '../statements/statement-catalog';

/** What there is to know of an exchange that has ended. */
export interface EndedCall {
  readonly steps: readonly Step[];
  readonly own: readonly Step[];
  failure(): Error | undefined;
  /** How many of its steps were completed. */
  readonly at: number;
}

export interface CallOwner extends QueryOwner {
  /** @throws The reason why what was asked for before must not be sent any more. */
  assertWritable(): void;
  hearEnd(call: EndedCall): void;
}

export class SessionCall<T> extends QueryCall<T> {
  readonly #owner: CallOwner;
  readonly #connection: Connection;
  #writtenAt = 0;

  constructor(
    owner: CallOwner,
    connection: Connection,
    /**
     * BEGIN or SAVEPOINT is among the steps, and what follows must not run without it; or it may be aborted, and
     * the cancel request must not meet what follows.
     */
    readonly holdsSession: boolean,
    steps: readonly Step[],
    own: readonly Step[],
    answer: Answer<T>,
    resolve: Resolve<T>,
  ) {
    super(owner, owner.environment.registry, steps, own, answer, resolve);
    this.#owner = owner;
    this.#connection = connection;
  }

  override write(session: ExchangeSession): Phase {
    // What the object was when this was asked for may be over by the time that it is sent.
    this.#owner.assertWritable();
    this.#connection.lastText = this.own[this.own.length - 1]?.statement.text;
    this.#writtenAt = performance.now();
    this.#connection.lastTextAt = this.#writtenAt;
    return super.write(session);
  }

  abort(reason: Error): void {
    if (this.settled) return;
    this.cancelOn(this.#connection);
    this.settle(reason);
  }

  override ended(status: TransactionStatus): void {
    const only = this.own.length === 1 ? this.own[0] : undefined;
    if (only?.executes === true && only.statement instanceof PooledStatement) {
      only.statement.cost.count(performance.now() - this.#writtenAt);
    }
    this.#owner.hearEnd(this);
    super.ended(status);
  }

  override lost(error: Error): void {
    super.lost(error);
    // While the connection is open, lost means never written: the session is as it was.
    if (this.#connection.phase !== 'open') this.#owner.hearEnd(this);
  }
}
