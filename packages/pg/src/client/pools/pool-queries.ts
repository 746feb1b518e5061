/**
 * Runs queries on the connections of a pool, and leases connections for what needs one to itself.
 *
 * One statement goes out as one auto-commit query on a lane. Several statements go out as one transaction
 * in one write: BEGIN, the statements, COMMIT; when one fails the server skips the rest, COMMIT included.
 */
import {isSqlQuery} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {Step} from '../../connection';
import type {Connection, Row} from '../../connection';
import {PgError} from '../../errors';
import {CostEstimate, Lease} from '../../pool';
import type {AcquireOptions, Pool, Task} from '../../pool';
import {
  acquireChannel,
  AcquireTrace,
  queryChannel,
  releaseChannel,
  ReleaseTrace,
  traced,
} from '../../tracing';
import type {AcquirePurpose} from '../../tracing';
import type {EncodedParameter, TypeRegistry} from '../../types';
import type {PipelineOutcome, QueryHearer, QueryOptions} from '../api/queryable';
import {abortable} from '../callers/abortable';
import {CallSite} from '../callers/call-site';
import {errorOfCaller, failWithCallerStack} from '../callers/caller-stack';
import {innermostOwner} from '../callers/context';
import type {Environment} from '../queries/environment';
import {notAQuery, plainStep, plainValues} from '../queries/planned-query';
import {lastRows} from '../queries/query-call';
import type {Answer, QueryOwner} from '../queries/query-call';
import {tracedPlain} from '../queries/traced-query';
import {clearSession, isClear, workEnded} from '../sharing/clear-session';
import {SharedPipeline} from '../sharing/shared-pipeline';
import type {PipelinedStep} from '../sharing/shared-pipeline';
import {SharedQuery} from '../sharing/shared-query';
import type {Placing} from '../sharing/shared-query';
import type {PooledStatement} from '../statements/statement-catalog';
import {leaseEnds} from '../telemetry/last-ends';
import {commitFailure} from '../transactions/commit-outcome';
import type {HeldConnection} from '../transactions/transaction';
import {warnOfLeak} from './leak-warning';

/** Undefined when it was given back at once, which is nearly always. */
export function giveBack(lease: Lease<Connection>): Promise<void> | undefined {
  const connection = lease.resource;
  leaseEnds(connection);
  if (connection.inFlight > 0 || !isClear(connection)) return clearAndGiveBack(lease);
  lease.release();
  return undefined;
}

function tellOfRelease(
  lease: Lease<Connection>,
  purpose: AcquirePurpose,
): () => Promise<void> | undefined {
  const heldSince = performance.now();
  return () => {
    const {trace} = lease.resource.usedHost();
    releaseChannel.publish(new ReleaseTrace(trace, purpose, performance.now() - heldSince));
    return giveBack(lease);
  };
}

async function clearAndGiveBack(lease: Lease<Connection>): Promise<void> {
  const connection = lease.resource;
  await workEnded(connection);
  if (!isClear(connection)) await clearSession(connection);
  lease.release();
}

/** Queries of several statements share an estimate: they run alone, whatever it says. */
const batchCost = new CostEstimate();

export class PoolQueries implements QueryOwner {
  readonly environment: Environment;
  readonly #pool: Pool<Connection>;
  readonly #describeCost = new CostEstimate();

  constructor(pool: Pool<Connection>, environment: Environment) {
    this.#pool = pool;
    this.environment = environment;
  }

  /** The way nearly every query goes. Undefined for all others, of which nothing was sent then. */
  runPlain(query: SQLQuery): Promise<Row[]> | undefined {
    const {environment} = this;
    if (!isSqlQuery(query)) throw notAQuery(query);
    const statement = environment.catalog.planOf(query).only;
    if (statement === undefined) return undefined;
    const values = plainValues(query, statement, environment);
    if (values === undefined) return undefined;
    const comment = environment.comment?.();
    if (!queryChannel.hasSubscribers) return this.#sendPlain(statement, values, comment);
    return this.#tracePlain(statement, values, comment);
  }

  /**
   * As `runPlain`. Undefined as well where the program would be told of it in the caller's asynchronous context, which
   * the hearer has not got if it runs the query again, and where the caller holds a connection, by which that would wait.
   */
  runHeard(query: SQLQuery, hearer: QueryHearer): Promise<Row[]> | undefined {
    const {environment} = this;
    if (queryChannel.hasSubscribers || acquireChannel.hasSubscribers) return undefined;
    if (environment.comment !== undefined || environment.releases.wanted) return undefined;
    if (!isSqlQuery(query) || heldLease() !== undefined) return undefined;
    try {
      const statement = environment.catalog.planOf(query).only;
      if (statement === undefined) return undefined;
      const values = plainValues(query, statement, environment);
      if (values === undefined) return undefined;
      const {registry} = environment;
      const steps = [plainStep(statement, values, undefined, registry)];
      const placing = {cost: statement.cost, alone: statement.alone, holder: undefined, hearer};
      return this.#dispatch(steps, steps, registry, lastRows, placing);
    } catch {
      // Who asks with `query` is told what is wrong with it.
      return undefined;
    }
  }

  // Functions of their own: those that nobody watches make no closure.
  #tracePlain(
    statement: PooledStatement,
    values: readonly unknown[],
    comment: string | undefined,
  ): Promise<Row[]> {
    const {current} = this.environment.traceTarget;
    return tracedPlain(current, statement.text, values, () =>
      this.#sendPlain(statement, values, comment),
    );
  }

  #sendPlain(
    statement: PooledStatement,
    values: readonly unknown[],
    comment: string | undefined,
  ): Promise<Row[]> {
    const {registry} = this.environment;
    const steps = [plainStep(statement, values, comment, registry)];
    return this.#dispatch(steps, steps, registry, lastRows, placingOf(statement));
  }

  /**
   * Runs queries one after the other, each for itself, in one write on a connection that others may share. Undefined
   * where that does not do: of several statements, with parameters that are not known yet or cannot be sent, with
   * handlers or a limit of time. Nothing was sent then.
   */
  runPipeline(
    queries: readonly (SQLQuery | readonly SQLQuery[])[],
  ): Promise<PipelineOutcome[]> | undefined {
    const {registry} = this.environment;
    const steps = this.#plainSteps(queries);
    if (steps === undefined || steps.length === 0) return undefined;
    return this.#told(
      new Promise((resolve) => {
        this.#pool.dispatch(
          new SharedPipeline(this.#pool, this, registry, steps, heldLease(), resolve),
        );
      }),
    );
  }

  /**
   * Runs steps as one: a single one as it is, several as a transaction of their own.
   * @param cost The estimate of the single statement.
   */
  run<T>(
    own: readonly Step[],
    cost: CostEstimate | undefined,
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const several = own.length > 1;
    const steps = several ? this.#inTransaction(own) : own;
    const {registry, queryTimeoutMilliseconds} = this.environment;
    const alone =
      several ||
      options?.signal !== undefined ||
      own.some(({statement}) => statement.alone) ||
      // It could not be run again if it were hit by the cancel request for one that ran out of time before it.
      (queryTimeoutMilliseconds !== 0 && own.some(({statement}) => !statement.undoneByFailure));
    const placing: Placing<T> = {cost: cost ?? batchCost, alone, holder: heldLease()};
    return abortable(options?.signal, queryTimeoutMilliseconds, (stop) =>
      this.#told(
        new Promise<T>((resolve) => {
          const query = new SharedQuery(
            this.#pool,
            this,
            registry,
            steps,
            own,
            answer,
            several ? (result) => resolve(commitFailure(result, steps)) : resolve,
            placing,
          );
          stop.with((reason) => query.abort(reason));
          this.#dispatchSited(query);
        }),
      ),
    );
  }

  /** Has the server describe a statement, so that its parameters can be encoded. */
  async describe(statement: PooledStatement): Promise<void> {
    const steps = [new Step(statement, [], false)];
    const {registry, typeLookup} = this.environment;
    // What it takes to describe a statement says nothing of what it takes to run it.
    const placing = {...placingOf(statement), cost: this.#describeCost};
    await this.#dispatch(steps, steps, registry, () => undefined, placing);
    await typeLookup.learnParameters(statement, this);
  }

  runOwn(text: string, parameters: readonly EncodedParameter[]): Promise<Row[]> {
    const statement = this.environment.catalog.statement(text);
    const steps = [new Step(statement, parameters)];
    const {ownRegistry} = this.environment;
    const placing = {...placingOf(statement), followUp: true};
    return this.#dispatch(steps, steps, ownRegistry, lastRows, placing);
  }

  /** Leases a connection. It is cleared before it goes back. */
  hold(label: AcquirePurpose, signal?: AbortSignal): HeldConnection | Promise<HeldConnection> {
    const {captureStacks, leakWarningMilliseconds} = this.environment;
    const site = captureStacks || leakWarningMilliseconds > 0 ? new CallSite() : undefined;
    const lease = this.#acquire({signal, label, holder: heldLease(), site}, label);
    return lease instanceof Lease ? this.#held(lease, label) : this.#heldLater(lease, label);
  }

  async #heldLater(
    acquired: Promise<Lease<Connection>>,
    label: AcquirePurpose,
  ): Promise<HeldConnection> {
    const lease = await acquired.catch((error: unknown) => {
      this.environment.failures.record(error);
      // An abort reason is the program's own, stack included.
      if (error instanceof PgError) return failWithCallerStack(errorOfCaller(error));
      throw error;
    });
    return this.#held(lease, label);
  }

  #held(lease: Lease<Connection>, label: AcquirePurpose): HeldConnection {
    const {leakWarningMilliseconds, releases} = this.environment;
    lease.resource.lastText = undefined;
    const giving = releaseChannel.hasSubscribers
      ? tellOfRelease(lease, label)
      : () => giveBack(lease);
    const release = releases.wanted ? releases.afterRelease(giving) : giving;
    if (leakWarningMilliseconds === 0) {
      return {connection: lease.resource, owner: lease, release};
    }
    return this.#warning(lease, release);
  }

  #warning(lease: Lease<Connection>, release: HeldConnection['release']): HeldConnection {
    const stop = warnOfLeak(this.environment, lease);
    const stopAndRelease = () => {
      stop();
      return release();
    };
    return {connection: lease.resource, owner: lease, release: stopAndRelease};
  }

  #acquire(
    options: AcquireOptions,
    purpose: AcquirePurpose,
  ): Lease<Connection> | Promise<Lease<Connection>> {
    if (!acquireChannel.hasSubscribers) {
      try {
        return this.#pool.acquireNowOrLater(options);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    const trace = new AcquireTrace(this.environment.traceTarget.current, purpose);
    return this.#acquireTraced(options, trace);
  }

  #acquireTraced(options: AcquireOptions, trace: AcquireTrace): Promise<Lease<Connection>> {
    return traced(acquireChannel, trace, () => this.#pool.acquire(options));
  }

  #plainSteps(queries: readonly (SQLQuery | readonly SQLQuery[])[]): PipelinedStep[] | undefined {
    // Each is told of for itself.
    if (queryChannel.hasSubscribers) return undefined;
    const {environment} = this;
    const steps: PipelinedStep[] = [];
    for (const query of queries) {
      if (!isSqlQuery(query)) return undefined;
      try {
        const statement = environment.catalog.planOf(query).only;
        const values = statement && plainValues(query, statement, environment);
        if (statement === undefined || values === undefined) return undefined;
        const comment = environment.comment?.();
        steps.push({
          statement,
          step: plainStep(statement, values, comment, environment.registry),
        });
      } catch {
        // A value that cannot be sent: only its own query is told so, the others run.
        return undefined;
      }
    }
    return steps;
  }

  #dispatch<T>(
    steps: readonly Step[],
    own: readonly Step[],
    registry: TypeRegistry,
    answer: Answer<T>,
    placing: Placing<T>,
  ): Promise<T> {
    return this.#told(
      new Promise((resolve) => {
        this.#dispatchSited(
          new SharedQuery(this.#pool, this, registry, steps, own, answer, resolve, placing),
        );
      }),
    );
  }

  /** Those who listen to `release` hear of its end. */
  #told<T>(work: Promise<T>): Promise<T> {
    const {releases} = this.environment;
    return releases.wanted ? releases.after(work) : work;
  }

  #dispatchSited<T>(query: SharedQuery<T> & Task<Connection>): void {
    this.#pool.dispatch(query);
    const {lane, queue} = query;
    // What runs is in a queue, too: that of its lane.
    const waits = queue !== undefined && lane === undefined;
    if (!waits) return;
    // Only of those that wait: a stack costs more than many a query.
    if (this.environment.captureStacks) query.site = new CallSite();
    if (acquireChannel.hasSubscribers) this.#tellOfWaiting(query);
  }

  #tellOfWaiting<T>(query: SharedQuery<T>): void {
    const trace = new AcquireTrace(this.environment.traceTarget.current, 'share');
    const placed = new Promise<void>((resolve, reject) => {
      query.placed = (error) => (error === undefined ? resolve() : reject(error));
    });
    // The caller hears of it by the query itself.
    traced(acquireChannel, trace, () => placed).catch(() => undefined);
  }

  #inTransaction(own: readonly Step[]): Step[] {
    const {catalog} = this.environment;
    return [
      new Step(catalog.statement('BEGIN'), []),
      ...own,
      new Step(catalog.statement('COMMIT'), []),
    ];
  }
}

function placingOf(statement: PooledStatement): Placing<never> {
  const {cost, alone} = statement;
  return {cost, alone, holder: heldLease(), hearer: undefined};
}

/** The lease that the caller already holds, if this is called from inside a task or transaction. */
function heldLease(): Lease<Connection> | undefined {
  return innermostOwner(isLease);
}

function isLease(owner: object): owner is Lease<Connection> {
  return owner instanceof Lease;
}
