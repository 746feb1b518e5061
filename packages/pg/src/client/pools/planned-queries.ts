/**
 * Runs queries of a pool that are planned: the program's handlers are told of them, what the server has to describe
 * first is described, and what has to be all or nothing gets a transaction.
 *
 * Which connection they run on is the business of pool-queries.ts.
 */
import type {Row} from '../../connection';
import type {QueryOptions} from '../api/queryable';
import type {Environment} from '../queries/environment';
import {stepsWith} from '../queries/grouped-answers';
import {observed} from '../queries/observed';
import {isGrouped, isUndescribed, stepsOf} from '../queries/planned-query';
import type {PlannedQuery} from '../queries/planned-query';
import type {Answer} from '../queries/query-call';
import {isObserved} from '../telemetry/query-handlers';
import {runTransaction} from '../transactions/transaction';
import type {PoolQueries} from './pool-queries';
import {WorkInSteps} from './work-in-steps';

export class PlannedQueries {
  readonly #environment: Environment;
  readonly #queries: PoolQueries;
  readonly #steps = new WorkInSteps();

  constructor(environment: Environment, queries: PoolQueries) {
    this.#environment = environment;
    this.#queries = queries;
  }

  /** Resolves when nothing is under way that has another connection to ask for. */
  ended(): Promise<void> {
    return this.#steps.ended();
  }

  /** Tells the program's handlers of the queries around running them. */
  run<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    // What runs in groups is told of by the transaction that it runs in.
    if (!isObserved(this.#environment.handlers) || isGrouped(queries)) {
      return this.#runUntold(queries, answer, options);
    }
    const {current} = this.#environment.traceTarget;
    return observed(this.#environment, current, queries, answer, (told) =>
      this.#runUntold(queries, told, options),
    );
  }

  async #runUntold<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    // What a later statement means may depend on an earlier one: they are asked about in turn.
    if (isGrouped(queries)) {
      return this.#steps.until(this.#runInTransaction(queries, answer, options));
    }
    const only = queries[0]?.plan.only;
    if (only !== undefined && queries.some(isUndescribed)) {
      return this.#steps.until(
        this.#queries.describe(only).then(() => this.#runDescribed(queries, answer, options)),
      );
    }
    return this.#runDescribed(queries, answer, options);
  }

  #runDescribed<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const own = queries.flatMap(stepsOf);
    if (own.length === 0) return Promise.resolve(answer(own));
    const cost = queries.length === 1 ? queries[0]?.plan.only?.cost : undefined;
    return this.#queries.run(own, cost, answer, options);
  }

  #runInTransaction<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const signal = options?.signal;
    return runTransaction(
      this.#environment,
      async (transaction) => {
        const rows: Row[][] = await transaction.query(queries.map((planned) => planned.query));
        return answer(stepsWith(queries, rows));
      },
      signal === undefined ? {} : {signal},
      () => this.#queries.hold('query', signal),
    );
  }
}
