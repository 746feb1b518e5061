/** The connection that `task` gives: one session for all calls, each of which commits for itself. */
import {Step} from '../../connection';
import type {Connection as WireConnection, Row} from '../../connection';
import {QueryableType} from '../api/queryable';
import type {Connection, Transaction, TransactionOptions} from '../api/queryable';
import {runInside} from '../callers/context';
import {usedAfterEnd} from '../callers/used-after-end';
import type {Environment} from '../queries/environment';
import {isGrouped, isUndescribed} from '../queries/planned-query';
import type {PlannedQuery} from '../queries/planned-query';
import type {EndedCall} from '../sessions/session-call';
import {SessionClient} from '../sessions/session-client';
import {runTransaction} from '../transactions/transaction';

export class ConnectionClient extends SessionClient implements Connection {
  readonly type = QueryableType.Connection;
  #phase: 'open' | 'ended' = 'open';

  constructor(environment: Environment, connection: WireConnection) {
    super(environment, connection, 'connection');
  }

  async task<T>(fn: (connection: Connection) => Promise<T>): Promise<T> {
    this.assertUsable();
    return fn(this);
  }

  async tx<T>(
    fn: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    this.assertUsable();
    return runTransaction(this.environment, fn, options, async () => {
      const holder = {};
      await this.lock.acquire(holder);
      this.assertUsable();
      return {
        connection: this.connection,
        owner: holder,
        release: () => {
          this.lock.release();
          return undefined;
        },
      };
    });
  }

  async addPostCommitStep(fn: () => Promise<unknown>): Promise<void> {
    this.assertUsable();
    await fn();
  }

  /** Runs `fn` with this connection; from its end on the connection is of no more use to it. */
  async run<T>(fn: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      const result = await runInside(this, () => fn(this));
      await this.#end();
      return result;
    } catch (error) {
      // What the callback threw is what the caller has to know.
      await this.#end().catch(() => undefined);
      throw error;
    }
  }

  /** Lets calls that were not awaited finish before the connection goes to somebody else. */
  async #end(): Promise<void> {
    if (this.#phase === 'ended') return;
    try {
      await this.lock.acquire({});
      this.lock.release();
    } catch (error) {
      if (error instanceof Error) this.connection.destroy(error);
      throw error;
    } finally {
      this.#phase = 'ended';
    }
  }

  assertUsable(): void {
    if (this.#phase === 'open') return;
    throw usedAfterEnd('connection', 'use it only until the callback given to task() settles');
  }

  assertWritable(): void {}

  /** In a transaction that the program began itself. */
  get sharesStreams(): boolean {
    const {session, settled} = this.connection;
    return settled && session.transactionStatus === 'inTransaction';
  }

  protected takePrefix(): readonly Step[] {
    return [];
  }

  protected givePrefixBack(): void {}

  protected wrap(own: readonly Step[]): readonly Step[] {
    if (own.length === 1) return own;
    const {catalog} = this.environment;
    const begin = new Step(catalog.statement('BEGIN'), []);
    const commit = new Step(catalog.statement('COMMIT'), []);
    return [begin, ...own, commit];
  }

  protected async runInGroups(queries: readonly PlannedQuery[]): Promise<readonly Row[][]> {
    return this.tx((transaction) => transaction.query(queries.map((planned) => planned.query)));
  }

  protected runsAlone(queries: readonly PlannedQuery[]): boolean {
    let statements = 0;
    for (const {plan} of queries) statements += plan.statements.length;
    // A grouped query takes the lock by itself, for its transaction.
    return !isGrouped(queries) && (statements > 1 || queries.some(isUndescribed));
  }

  protected toldInGroups(queries: readonly PlannedQuery[]): boolean {
    return isGrouped(queries);
  }

  /** A wrapped query that failed has left its transaction open; ROLLBACK goes out before anything else. */
  protected callEnded({steps, own}: EndedCall): void {
    // A failed transaction that the program itself began is for the program to end.
    if (steps === own || this.connection.session.transactionStatus !== 'failed') return;
    void this.runOwn('ROLLBACK', []).catch(() => undefined);
  }
}
