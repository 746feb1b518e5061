/** The connection that `task` gives: one session for all calls, each of which commits for itself. */
import {Step} from '../connection';
import type {Connection as WireConnection, Row} from '../connection';
import {commitFailure} from './commit-outcome';
import {runInside} from './context';
import type {Environment} from './environment';
import type {PlannedQuery} from './planned-query';
import type {Answer} from './query-call';
import {QueryableType} from './queryable';
import type {Connection, QueryOptions, Transaction, TransactionOptions} from './queryable';
import {SessionClient, usedAfterEnd} from './session-client';
import {runTransaction} from './transaction';

export class ConnectionClient extends SessionClient implements Connection {
  readonly type = QueryableType.Connection;
  #phase: 'open' | 'ended' = 'open';
  /** BEGIN of the statements that are about to be sent. */
  #begin: Step[] = [];

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
        release: () => this.lock.release(),
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

  protected assertUsable(): void {
    if (this.#phase === 'open') return;
    throw usedAfterEnd('connection', 'use it only until the callback given to task() settles');
  }

  protected takePrefix(): Step[] {
    const begin = this.#begin;
    this.#begin = [];
    return begin;
  }

  protected givePrefixBack(): void {}

  /** Several statements are all or nothing: they travel between BEGIN and COMMIT, in one write. */
  protected override send<T>(
    own: readonly Step[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    return own.length > 1
      ? this.#sendAtomic(own, answer, options)
      : super.send(own, answer, options);
  }

  async #sendAtomic<T>(
    own: readonly Step[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const {catalog} = this.environment;
    const begin = new Step(catalog.statement('BEGIN'), []);
    const commit = new Step(catalog.statement('COMMIT'), []);
    const holder = {};
    await this.lock.acquire(holder);
    try {
      this.#begin = [begin];
      return await commitFailure(super.send(own, answer, options, [commit]), [commit]);
    } finally {
      // When a statement fails the server skips COMMIT; later calls must not find the transaction open.
      if (this.connection.session.transactionStatus !== 'idle') {
        await this.runOwn('ROLLBACK', []).catch(() => undefined);
      }
      this.lock.release();
    }
  }

  protected async runInGroups(queries: readonly PlannedQuery[]): Promise<readonly Row[][]> {
    return this.tx((transaction) => transaction.query(queries.map((planned) => planned.query)));
  }

  protected callEnded(): void {}
}
