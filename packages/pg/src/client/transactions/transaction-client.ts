/**
 * A transaction or, nested in one, a savepoint.
 *
 * BEGIN travels with the first statement; a transaction without statements never reaches the server.
 * COMMIT is awaited and its command tag checked: Postgres answers ROLLBACK when a statement had failed.
 *
 * Invariants: no statement of a transaction runs outside it: when the server says that it is in none
 * although BEGIN was sent, everything further is refused.
 */
import {Step} from '../../connection';
import type {Connection as WireConnection, Row} from '../../connection';
import type {AdvisoryLockKey} from '../api/advisory-lock-key';
import {QueryableType} from '../api/queryable';
import type {Transaction, TransactionOptions} from '../api/queryable';
import {reasonOf, unlessAborted} from '../callers/abortable';
import {runInside} from '../callers/context';
import {usedAfterEnd} from '../callers/used-after-end';
import type {Environment} from '../queries/environment';
import {isUndescribed} from '../queries/planned-query';
import type {PlannedQuery} from '../queries/planned-query';
import {lastRows} from '../queries/query-call';
import type {EndedCall} from '../sessions/session-call';
import {SessionClient} from '../sessions/session-client';
import {takeAdvisoryLock, tryAdvisoryLock} from './advisory-locks';
import {endedByQuery, outcomeOf, rolledBack} from './commit-outcome';
import {PostCommitSteps} from './post-commit-steps';
import type {PostCommitStep} from './post-commit-steps';
import {runOneByOne} from './run-one-by-one';
import {beginSteps} from './transaction-options';

type Phase =
  /** Nothing was sent: BEGIN or SAVEPOINT waits for the first statement. */
  | 'waiting'
  | 'begun'
  /** Ended by somebody else than `run`: a COMMIT sent as a query, an abort, a BEGIN that failed. */
  | 'broken'
  | 'ended';

const NOTHING: readonly Step[] = [];

let lastSavepoint = 0;

export class TransactionClient extends SessionClient implements Transaction {
  readonly type = QueryableType.Transaction;
  readonly #parent: TransactionClient | undefined;
  readonly #begin: () => Step[];
  readonly #options: TransactionOptions | undefined;
  readonly #postCommitSteps: PostCommitSteps;
  readonly #savepoint: string | undefined;
  #phase: Phase = 'waiting';
  #broken: Error | undefined;
  /** The first error of a statement, for the case that the callback swallows it. */
  #firstError: Error | undefined;

  private constructor(
    environment: Environment,
    connection: WireConnection,
    parts: {
      readonly parent?: TransactionClient;
      readonly savepoint?: string;
      readonly options?: TransactionOptions | undefined;
      readonly postCommitSteps: PostCommitSteps;
      readonly begin: () => Step[];
    },
  ) {
    super(environment, connection, 'transaction');
    this.#parent = parts.parent;
    this.#savepoint = parts.savepoint;
    this.#options = parts.options;
    this.#postCommitSteps = parts.postCommitSteps;
    this.#begin = parts.begin;
  }

  static outermost(
    environment: Environment,
    connection: WireConnection,
    options: TransactionOptions | undefined,
    postCommitSteps: PostCommitSteps,
  ): TransactionClient {
    const begin = () => beginSteps(environment.catalog, options);
    return new TransactionClient(environment, connection, {options, postCommitSteps, begin});
  }

  /** Runs the callback to its end and ends the transaction accordingly. */
  async run<T>(fn: (transaction: Transaction) => Promise<T>): Promise<T> {
    const {signal} = this.#options ?? {};
    const abort = () => this.#abort(reasonOf(signal));
    signal?.addEventListener('abort', abort, {once: true});
    try {
      // The callback may wait for something that is not a query: the caller is not kept waiting for it.
      const result = await unlessAborted(Promise.resolve(fn(this)), signal);
      await this.#end(() => this.#commit());
      return result;
    } catch (error) {
      // What the callback threw is what the caller has to know; the connection tells the pool whether
      // it came out clean.
      await this.#end(() => this.#rollback()).catch(() => undefined);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async task<T>(fn: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.assertUsable();
    return fn(this);
  }

  async tx<T>(fn: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.assertUsable();
    const owner = {};
    await this.lock.acquire(owner);
    try {
      this.assertUsable();
      const savepoint = `d${++lastSavepoint}`;
      const {catalog} = this.environment;
      const {signal} = this.#options ?? {};
      const nested = new TransactionClient(this.environment, this.connection, {
        parent: this,
        savepoint,
        // An abort has to reach the callback that is running, not only the outermost one.
        options: signal === undefined ? undefined : {signal},
        postCommitSteps: new PostCommitSteps(),
        begin: () => [new Step(catalog.statement(`SAVEPOINT ${savepoint}`), [])],
      });
      const result = await runInside(owner, () => nested.run(fn));
      this.#postCommitSteps.addAll(nested.#postCommitSteps);
      return result;
    } finally {
      this.lock.release();
    }
  }

  async addPostCommitStep(fn: PostCommitStep): Promise<void> {
    this.assertUsable();
    this.#postCommitSteps.add(fn);
  }

  advisoryTxLock(key: AdvisoryLockKey): Promise<void> {
    return takeAdvisoryLock(this, key, 'exclusive');
  }

  advisoryTxLockShared(key: AdvisoryLockKey): Promise<void> {
    return takeAdvisoryLock(this, key, 'shared');
  }

  tryAdvisoryTxLock(key: AdvisoryLockKey): Promise<boolean> {
    return tryAdvisoryLock(this, key, 'exclusive');
  }

  tryAdvisoryTxLockShared(key: AdvisoryLockKey): Promise<boolean> {
    return tryAdvisoryLock(this, key, 'shared');
  }

  assertUsable(): void {
    if (this.#phase === 'ended') {
      throw usedAfterEnd(
        'transaction',
        'use it only until the callback given to tx() settles, and await every call in it',
      );
    }
    if (this.#broken !== undefined) throw this.#broken;
    this.#parent?.assertUsable();
  }

  /** A statement that waited behind a BEGIN that failed would run outside the transaction. */
  assertWritable(): void {
    if (this.#phase !== 'ended' && this.#broken !== undefined) throw this.#broken;
    this.#parent?.assertWritable();
  }

  override get ownSignal(): AbortSignal | undefined {
    return this.#options?.signal;
  }

  get sharesStreams(): boolean {
    return true;
  }

  protected takePrefix(): readonly Step[] {
    if (this.#phase !== 'waiting') return NOTHING;
    this.#phase = 'begun';
    return [...(this.#parent?.takePrefix() ?? []), ...this.#begin()];
  }

  protected givePrefixBack(prefix: readonly Step[]): void {
    if (prefix.length === 0 || this.#phase !== 'begun') return;
    this.#phase = 'waiting';
    // The parent's part of the prefix is all but this one's own.
    this.#parent?.givePrefixBack(prefix.slice(0, -this.#begin().length));
  }

  protected wrap(own: readonly Step[]): readonly Step[] {
    return own;
  }

  protected runInGroups(queries: readonly PlannedQuery[]): Promise<readonly Row[][]> {
    return runOneByOne(queries, this.environment.registry, {
      describe: (statement) => this.describe(statement),
      run: (step) => this.send([step], lastRows, undefined),
    });
  }

  /** Nothing may come between the question what the parameters are and the queries themselves. */
  protected runsAlone(queries: readonly PlannedQuery[]): boolean {
    return queries.some(isUndescribed);
  }

  protected toldInGroups(): boolean {
    return false;
  }

  protected callEnded(call: EndedCall): void {
    const error = call.failure();
    if (error !== undefined) this.#failed(error);
    const {transactionStatus} = this.connection.session;
    if (transactionStatus === 'idle' && this.#phase === 'begun') {
      this.#break(error ?? endedByQuery(call.steps.some((step) => step.commandTag === 'COMMIT')));
    }
  }

  #failed(error: Error): void {
    this.#firstError ??= error;
    if (this.#parent !== undefined) this.#parent.#failed(error);
  }

  #break(reason: Error): void {
    this.#broken ??= reason;
    if (this.#parent !== undefined) this.#parent.#break(reason);
  }

  #abort(reason: Error): void {
    this.#break(reason);
    if (this.connection.inFlight > 0) void this.connection.cancel();
  }

  /** Lets calls that were not awaited finish, then ends the transaction. */
  async #end(end: () => Promise<void>): Promise<void> {
    if (this.#phase === 'ended') return;
    if (!this.lock.take(this)) await this.#awaitCalls();
    try {
      const begun = this.#phase === 'begun';
      this.#phase = 'ended';
      if (begun) await end();
    } finally {
      this.lock.release();
    }
  }

  async #awaitCalls(): Promise<void> {
    try {
      await this.lock.acquire({});
    } catch (error) {
      // Something still runs that nobody may wait for any longer: neither it nor anybody else can be
      // given this connection.
      this.#phase = 'ended';
      if (error instanceof Error) this.connection.destroy(error);
      throw error;
    }
  }

  async #commit(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#savepoint !== undefined) return this.#release(this.#savepoint);
    let tag: string | undefined;
    try {
      tag = await this.#command(['COMMIT']);
    } catch (error) {
      throw outcomeOf(error);
    }
    if (tag !== 'ROLLBACK') return;
    throw rolledBack(this.#firstError);
  }

  async #release(savepoint: string): Promise<void> {
    try {
      await this.#command([`RELEASE SAVEPOINT ${savepoint}`]);
    } catch (error) {
      if (this.connection.session.transactionStatus !== 'failed') throw error;
      // A statement had failed and its error was caught: the outer transaction is to go on all the same.
      const cause = this.#firstError;
      await this.#rollback();
      throw rolledBack(cause);
    }
  }

  async #rollback(): Promise<void> {
    await this.connection.cancelUnderWay;
    const savepoint = this.#savepoint;
    if (savepoint === undefined) {
      await this.#command(['ROLLBACK']);
      return;
    }
    await this.#command([`ROLLBACK TO SAVEPOINT ${savepoint}`, `RELEASE SAVEPOINT ${savepoint}`]);
    if (this.#parent !== undefined) this.#parent.#mended();
  }

  /** What had failed was undone: it is not why a later COMMIT fails. */
  #mended(): void {
    this.#firstError = undefined;
    if (this.#parent !== undefined) this.#parent.#mended();
  }

  #command(texts: readonly string[]): Promise<string | undefined> {
    const steps = texts.map((text) => new Step(this.environment.catalog.statement(text), []));
    return this.send(steps, (own) => own[own.length - 1]?.commandTag, undefined);
  }
}
