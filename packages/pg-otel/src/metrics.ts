/**
 * The metrics of the semantic conventions for database clients, in seconds where they are durations.
 * https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
import type {Attributes, BatchObservableResult, Meter} from '@opentelemetry/api';
import type {
  AcquireTrace,
  ConnectTrace,
  QueryTrace,
  ReleaseTrace,
  StreamTrace,
} from '@databases/pg';
import {errorAttributes, nameAttributes, targetAttributes} from './attributes';
import type {KnownPools} from './known-pools';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const ROWS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const QUEUE_TIMEOUT = 'CONNECTION_POOL:QUEUE_TIMEOUT';

type PoolNamed = Pick<ConnectTrace, 'poolName'>;

export class Metrics {
  readonly #meter: Meter;
  readonly #began = new WeakMap<object, number>();
  readonly #operation;
  readonly #returnedRows;
  readonly #timeouts;
  readonly #create;
  readonly #wait;
  readonly #use;
  readonly #stopObserving: () => void;

  constructor(meter: Meter, pools: KnownPools) {
    this.#meter = meter;
    this.#operation = this.#seconds(
      'db.client.operation.duration',
      'Duration of database client operations.',
    );
    this.#returnedRows = meter.createHistogram('db.client.response.returned_rows', {
      unit: '{row}',
      description: 'The number of rows that an operation returned.',
      advice: {explicitBucketBoundaries: ROWS},
    });
    this.#timeouts = meter.createCounter('db.client.connection.timeouts', {
      unit: '{timeout}',
      description: 'How often no connection came free in time.',
    });
    this.#create = this.#seconds(
      'db.client.connection.create_time',
      'How long opening a connection took.',
    );
    this.#wait = this.#seconds(
      'db.client.connection.wait_time',
      'How long a connection was waited for.',
    );
    this.#use = this.#seconds('db.client.connection.use_time', 'How long a connection was held.');
    this.#stopObserving = this.#observe(pools);
  }

  begin(trace: object): void {
    this.#began.set(trace, performance.now());
  }

  endQuery(trace: QueryTrace, summary: string | undefined): void {
    const attributes = {
      ...targetAttributes(trace),
      ...nameAttributes(summary, undefined),
      ...errorAttributes(trace.error),
    };
    this.#operation.record(this.#secondsSince(trace), attributes);
    if (trace.rowCount !== undefined) this.#returnedRows.record(trace.rowCount, attributes);
  }

  /** Until their end, which is up to whoever reads or gives: an attribute of their own keeps them apart from queries. */
  endStream(trace: StreamTrace, summary: string | undefined, operation: string | undefined): void {
    const attributes = {
      ...targetAttributes(trace),
      ...nameAttributes(summary, operation),
      ...errorAttributes(trace.error),
      'databases_pg.stream.kind': trace.kind,
    };
    this.#operation.record(this.#secondsSince(trace), attributes);
    // What a copy sends is not returned.
    if (trace.rowCount !== undefined && trace.kind === 'queryStream') {
      this.#returnedRows.record(trace.rowCount, attributes);
    }
  }

  endAcquire(trace: AcquireTrace): void {
    if (trace.error === undefined) this.#wait.record(this.#secondsSince(trace), poolOf(trace));
    this.#countTimeout(trace, trace.error);
  }

  endConnect(trace: ConnectTrace): void {
    if (trace.error === undefined) this.#create.record(this.#secondsSince(trace), poolOf(trace));
  }

  released(trace: ReleaseTrace): void {
    this.#use.record(trace.heldMilliseconds / 1000, poolOf(trace));
  }

  stop(): void {
    this.#stopObserving();
  }

  #countTimeout(trace: PoolNamed, error: unknown): void {
    const isTimeout = error instanceof Error && 'code' in error && error.code === QUEUE_TIMEOUT;
    if (isTimeout) this.#timeouts.add(1, poolOf(trace));
  }

  #secondsSince(trace: object): number {
    const now = performance.now();
    return (now - (this.#began.get(trace) ?? now)) / 1000;
  }

  #seconds(name: string, description: string) {
    return this.#meter.createHistogram(name, {
      unit: 's',
      description,
      advice: {explicitBucketBoundaries: SECONDS},
    });
  }

  #upDown(name: string, unit: string, description: string) {
    return this.#meter.createObservableUpDownCounter(name, {unit, description});
  }

  #observe(pools: KnownPools): () => void {
    const count = this.#upDown(
      'db.client.connection.count',
      '{connection}',
      'Connections by state.',
    );
    const idleMax = this.#upDown(
      'db.client.connection.idle.max',
      '{connection}',
      'Most idle connections.',
    );
    const idleMin = this.#upDown(
      'db.client.connection.idle.min',
      '{connection}',
      'Fewest idle connections.',
    );
    const max = this.#upDown('db.client.connection.max', '{connection}', 'Most connections.');
    const pending = this.#upDown(
      'db.client.connection.pending_requests',
      '{request}',
      'What waits.',
    );
    const all = [count, idleMax, idleMin, max, pending];
    const observe = (result: BatchObservableResult) => {
      for (const [poolName, stats] of pools.counts()) {
        const pool = poolOf({poolName});
        const state = (value: string): Attributes => ({
          ...pool,
          'db.client.connection.state': value,
        });
        result.observe(count, stats.idle, state('idle'));
        result.observe(count, stats.used, state('used'));
        // Every connection may be idle, and none has to be open.
        result.observe(idleMax, stats.max, pool);
        result.observe(idleMin, 0, pool);
        result.observe(max, stats.max, pool);
        result.observe(pending, stats.waiting, pool);
      }
    };
    this.#meter.addBatchObservableCallback(observe, all);
    return () => this.#meter.removeBatchObservableCallback(observe, all);
  }
}

function poolOf({poolName}: PoolNamed): Attributes {
  return {'db.client.connection.pool.name': poolName};
}
