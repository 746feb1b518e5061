/**
 * Several queries in one write on a connection that others may share: each an exchange with a Sync of its own, so that
 * each commits, or fails, for itself. To the pool they are one task, which has no lane to itself unless one of them
 * must have.
 *
 * They run in the order in which they were sent, but for one case: what met a stale statement is sent once more, behind
 * the others (ExtendedQuery). Those are `early` then: they ran before one that stands in front of them.
 */
import type {Connection, Row, Step, TransactionStatus} from '../../connection';
import {CostEstimate} from '../../pool';
import type {Lane, Pool, Task} from '../../pool';
import type {TypeRegistry} from '../../types';
import type {PipelineOutcome} from '../api/queryable';
import {errorOfCaller, failWithCallerStack} from '../callers/caller-stack';
import {QueryCall, lastRows} from '../queries/query-call';
import type {QueryOwner, Resolve} from '../queries/query-call';
import {shownTexts} from '../statements/shortened';
import type {PooledStatement} from '../statements/statement-catalog';
import {clearSession, isClear} from './clear-session';

export interface PipelinedStep {
  readonly statement: PooledStatement;
  readonly step: Step;
}

export class SharedPipeline implements Task<Connection> {
  readonly cost: PipelineCost;
  readonly alone: boolean;
  readonly holder: object | undefined;
  readonly followUp = false;
  readonly purpose = 'pipeline';
  lane: Lane<Connection> | undefined = undefined;
  startedAt = 0;
  readonly #pool: Pool<Connection>;
  readonly #calls: readonly PipelinedCall[];
  readonly #resolve: (settled: Promise<PipelineOutcome[]>) => void;
  #connection: Connection | undefined;
  #open: number;
  #answered = false;

  constructor(
    pool: Pool<Connection>,
    owner: QueryOwner,
    registry: TypeRegistry,
    steps: readonly PipelinedStep[],
    holder: object | undefined,
    resolve: (settled: Promise<PipelineOutcome[]>) => void,
  ) {
    this.#pool = pool;
    this.cost = new PipelineCost(steps.map(({statement}) => statement.cost));
    this.alone = steps.some(({statement}) => statement.alone);
    this.holder = holder;
    this.#resolve = resolve;
    this.#open = steps.length;
    this.#calls = steps.map(({step}) => new PipelinedCall(owner, registry, step, this));
  }

  start(connection: Connection): void {
    this.#connection = connection;
    this.#resolve(settledOf(this.#calls));
    for (const call of this.#calls) connection.send(call);
  }

  describe(): string {
    return shownTexts(this.#calls.flatMap(({own}) => own));
  }

  fail(error: Error): void {
    this.#resolve(failWithCallerStack(errorOfCaller(error)));
  }

  /** All answers to one of the calls are in. */
  callEnded(ended: PipelinedCall, status: TransactionStatus): void {
    this.#answered = true;
    for (const [index, call] of this.#calls.entries()) {
      if (call === ended) {
        this.cost.ended(index, performance.now());
        break;
      }
      if (!call.settled) ended.early = true;
    }
    if (--this.#open > 0) return;
    const connection = this.#connection;
    if (connection === undefined || isClear(connection)) {
      this.#pool.finish(this);
      return;
    }
    if (status !== 'idle') {
      for (const {own} of this.#calls) for (const {statement} of own) statement.alone = true;
    }
    void clearSession(connection).then(() => this.#pool.finish(this));
  }

  /** It could not be sent, or the connection was lost. */
  callLost(): void {
    if (--this.#open === 0) this.#pool.finish(this, this.#answered);
  }
}

class PipelinedCall extends QueryCall<Row[]> {
  early = false;
  readonly answer: Promise<Row[]>;
  readonly #pipeline: SharedPipeline;

  constructor(owner: QueryOwner, registry: TypeRegistry, step: Step, pipeline: SharedPipeline) {
    const steps = [step];
    let settle: Resolve<Row[]> | undefined;
    const answer = new Promise<Row[]>((resolve) => {
      settle = resolve;
    });
    super(owner, registry, steps, steps, lastRows, (rows) => settle?.(rows));
    this.answer = answer;
    this.#pipeline = pipeline;
  }

  override ended(status: TransactionStatus): void {
    super.ended(status);
    this.#pipeline.callEnded(this, status);
  }

  override lost(error: Error): void {
    super.lost(error);
    this.#pipeline.callLost();
  }
}

async function settledOf(calls: readonly PipelinedCall[]): Promise<PipelineOutcome[]> {
  const settled = await Promise.allSettled(calls.map(({answer}) => answer));
  return settled.map((outcome, index) =>
    calls[index]?.early === true ? {...outcome, early: true} : outcome,
  );
}

/** What the statements take one after the other. Each learns what it took itself. */
class PipelineCost extends CostEstimate {
  readonly #costs: readonly CostEstimate[];
  readonly #endedAt: number[] = [];

  constructor(costs: readonly CostEstimate[]) {
    super();
    this.#costs = costs;
    // As long as one of them is not known, the whole is not.
    if (costs.every(({meanMilliseconds}) => meanMilliseconds > 0)) {
      for (const {meanMilliseconds} of costs) this.meanMilliseconds += meanMilliseconds;
    }
  }

  ended(index: number, at: number): void {
    this.#endedAt[index] = at;
  }

  override record(milliseconds: number): void {
    let first = milliseconds;
    for (let index = this.#costs.length - 1; index > 0; index--) {
      const took = (this.#endedAt[index] ?? Number.NaN) - (this.#endedAt[index - 1] ?? Number.NaN);
      // One that was lost has no end; one that was early has ended before the one in front of it.
      if (!(took >= 0)) continue;
      this.#costs[index]?.record(took);
      first -= took;
    }
    this.#costs[0]?.record(first);
  }
}
