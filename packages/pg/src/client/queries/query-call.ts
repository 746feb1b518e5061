/**
 * Statements on their way to one connection, and the promise of what they give.
 *
 * `steps` are all that is sent; `own` are those of them that the caller asked for, without the BEGIN or
 * SAVEPOINT that travels in front. The caller's promise is settled once.
 */
import {ExtendedQuery} from '../../connection';
import type {Connection, Row, Step, TransactionStatus} from '../../connection';
import type {TypeRegistry} from '../../types';
import {failWithCallerStack} from '../callers/caller-stack';
import type {StatementRunner} from '../values/type-lookup';
import type {Environment} from './environment';

export type Answer<T> = (own: readonly Step[]) => T | Promise<T>;
export type Resolve<T> = (answer: T | Promise<T>) => void;

/** Hears how a query has ended, before its caller (`QueryHearer` of the API). */
export interface Hearer<T> {
  succeeded(): void;
  failed(error: unknown): T | Promise<T>;
}

/** On whose behalf a query runs. */
export interface QueryOwner extends StatementRunner {
  readonly environment: Environment;
}

export class QueryCall<T> extends ExtendedQuery {
  readonly own: readonly Step[];
  readonly #owner: QueryOwner;
  readonly #answer: Answer<T>;
  protected hearer: Hearer<T> | undefined = undefined;
  #resolve: Resolve<T> | undefined;
  #lost: Error | undefined;

  constructor(
    owner: QueryOwner,
    registry: TypeRegistry,
    steps: readonly Step[],
    own: readonly Step[],
    answer: Answer<T>,
    resolve: Resolve<T>,
  ) {
    super(steps, registry);
    this.own = own;
    this.#owner = owner;
    this.#answer = answer;
    this.#resolve = resolve;
  }

  ended(_status: TransactionStatus): void {
    this.settle(this.failure());
  }

  lost(error: Error): void {
    this.#lost = error;
    this.settle(error);
  }

  /** What was wrong with the answer, once it has ended. */
  failure(): Error | undefined {
    if (this.#lost !== undefined) return this.#lost;
    for (const step of this.steps) if (step.unreadable !== undefined) return step.unreadable;
    return this.error === undefined ? undefined : this.databaseError(this.error);
  }

  get settled(): boolean {
    return this.#resolve === undefined;
  }

  /** Cancels it on the server: at once, or as soon as the server is at it. */
  protected cancelOn(connection: Connection): void {
    if (connection.session.current !== this) {
      this.started = () => this.cancelOn(connection);
    } else if (connection.cancelUnderWay !== undefined) {
      // Meant for the query before this one: if it hits nothing any more, another one is needed.
      void connection.cancelUnderWay.then(() => this.cancelOn(connection));
    } else {
      this.cancelled = true;
      void connection.cancel();
    }
  }

  /** Gives the caller the answer; what comes after the first time is not heard. */
  settle(error: Error | undefined): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    if (error !== undefined) {
      this.#owner.environment.failures.record(error, this.#failedText());
      const failed = failWithCallerStack(error);
      resolve(this.hearer === undefined ? failed : toldTo(this.hearer, failed));
    } else if (this.#owner.environment.typeLookup.isNeeded(this.own)) resolve(this.#readTypes());
    else resolve(this.#answerOf(this.own));
  }

  #failedText(): string | undefined {
    const step = this.own.find(({progress}) => progress !== 'complete') ?? this.own.at(-1);
    return step?.statement.text;
  }

  /** Some columns are of types that are not known yet: the catalogue is asked before the caller gets them. */
  async #readTypes(): Promise<T> {
    const reading = this.#owner.environment.typeLookup.resolve(this.own, this.#owner);
    try {
      await reading;
    } catch (error) {
      if (this.hearer !== undefined) return this.hearer.failed(error);
      throw error;
    }
    this.hearer?.succeeded();
    return this.#answer(this.own);
  }

  // An answer may throw: a handler of the program runs in it.
  #answerOf(own: readonly Step[]): T | Promise<T> {
    try {
      this.hearer?.succeeded();
      return this.#answer(own);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** The rows of one statement, or of the last of several. */
export function lastRows(own: readonly Step[]): Row[] {
  return own[own.length - 1]?.rows ?? [];
}

/** In a turn of its own, as all that follows a failure: the pool is not through with it yet. */
async function toldTo<T>(hearer: Hearer<T>, failing: Promise<never>): Promise<T> {
  try {
    return await failing;
  } catch (error) {
    return hearer.failed(error);
  }
}
