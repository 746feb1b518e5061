/**
 * A query that runs on whichever connection of the pool is right for it, often behind others.
 *
 * It gives its place back when the answer is in and the session is as it was found: a transaction, setting
 * or cancel request that it left behind is cleared first.
 */
import type {Connection, Step, TransactionStatus} from '../../connection';
import type {CostEstimate, Lane, Pool, Task} from '../../pool';
import type {TypeRegistry} from '../../types';
import type {CallSite} from '../callers/call-site';
import {errorOfCaller} from '../callers/caller-stack';
import {QueryCall} from '../queries/query-call';
import type {Answer, Hearer, QueryOwner, Resolve} from '../queries/query-call';
import {shownTexts} from '../statements/shortened';
import {clearSession, isClear} from './clear-session';

/** Where in the pool a query may run. */
export interface Placing<T> {
  readonly cost: CostEstimate;
  /** Nothing may share the connection with it. */
  readonly alone: boolean;
  /** The lease inside whose use it is asked for. */
  readonly holder: object | undefined;
  /** It answers for a query that was asked for earlier: a pool that is closing still takes it. */
  readonly followUp?: boolean;
  readonly hearer?: Hearer<T> | undefined;
}

export class SharedQuery<T> extends QueryCall<T> implements Task<Connection> {
  readonly cost: CostEstimate;
  readonly alone: boolean;
  readonly holder: object | undefined;
  readonly followUp: boolean;
  lane: Lane<Connection> | undefined = undefined;
  startedAt = 0;
  /** Where it was asked for, where that is remembered and it had to wait. */
  site: CallSite | undefined = undefined;
  /** Told once when its waiting is over, by an error where that was in vain. */
  placed: ((error?: Error) => void) | undefined = undefined;
  readonly #pool: Pool<Connection>;
  #connection: Connection | undefined;

  constructor(
    pool: Pool<Connection>,
    owner: QueryOwner,
    registry: TypeRegistry,
    steps: readonly Step[],
    own: readonly Step[],
    answer: Answer<T>,
    resolve: Resolve<T>,
    placing: Placing<T>,
  ) {
    super(owner, registry, steps, own, answer, resolve);
    this.#pool = pool;
    this.hearer = placing.hearer;
    this.cost = placing.cost;
    this.alone = placing.alone;
    this.holder = placing.holder;
    this.followUp = placing.followUp ?? false;
  }

  start(connection: Connection): void {
    this.#connection = connection;
    this.placed?.();
    connection.send(this);
  }

  describe(): string {
    return shownTexts(this.own);
  }

  fail(error: Error): void {
    this.placed?.(error);
    this.settle(errorOfCaller(error));
  }

  /** Stops the query for `reason`: in the queue, or on the server. The caller is answered at once. */
  abort(reason: Error): void {
    if (this.settled) return;
    const connection = this.#connection;
    if (connection === undefined) {
      this.#pool.withdraw(this);
      this.placed?.(reason);
    } else {
      this.cancelOn(connection);
    }
    this.settle(reason);
  }

  override ended(status: TransactionStatus): void {
    // First, because the answer may need a question to the catalogue, which must be in the queue before the
    // pool sees that nothing is left to do.
    super.ended(status);
    const connection = this.#connection;
    if (connection === undefined || isClear(connection)) {
      this.#pool.finish(this);
    } else {
      if (status !== 'idle') for (const step of this.own) step.statement.alone = true;
      void clearSession(connection).then(() => this.#pool.finish(this));
    }
  }

  override lost(error: Error): void {
    this.#pool.finish(this, false);
    super.lost(error);
  }
}
