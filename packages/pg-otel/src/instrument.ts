/**
 * OpenTelemetry for `@databases/pg`: subscribes to its diagnostics channels and turns what they tell into spans and
 * metrics. It wraps and patches nothing, so it does not matter when it is loaded.
 */
import {context, metrics as metricsApi, trace as traceApi} from '@opentelemetry/api';
import type {MeterProvider, TracerProvider} from '@opentelemetry/api';
import type {PoolStats, QueryTrace} from '@databases/pg';
import {KnownPools} from './known-pools';
import {Metrics} from './metrics';
import {Spans, operationOf} from './spans';
import {Subscriptions} from './subscriptions';
import {
  isAcquire,
  isConnect,
  isPool,
  isQuery,
  isRelease,
  isStream,
  isTransaction,
} from './trace-kinds';

const NAME = '@databases/pg-otel';

/** What is asked of a pool. */
export interface ObservedPool {
  stats(): Pick<PoolStats, 'name' | 'idle' | 'leased' | 'busy' | 'waiting' | 'max'>;
}

export interface InstrumentOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider | undefined;
  /** Pools that were created before: their connections are counted, too. Those created later are found. */
  readonly pools?: readonly ObservedPool[] | undefined;
  /**
   * Put the values of parameters into spans (`db.query.parameter.0`, ...), and the messages of errors, which quote
   * them. Default: false.
   */
  readonly parameters?: boolean | undefined;
  /** Put the number of rows into spans (`db.response.returned_rows`). Default: false. */
  readonly returnedRows?: boolean | undefined;
  /**
   * What a query does, in a few words of which there are not many, such as `SELECT orders`: it becomes the name of the
   * span, `db.query.summary`. Default: spans are named after the database.
   */
  readonly summary?: ((trace: QueryTrace) => string | undefined) | undefined;
}

export interface Instrumentation {
  /** Ends it. What is under way gets no end. */
  stop(): void;
}

/** Begins to make spans and metrics of what all pools of the process do. */
export function instrument(options: InstrumentOptions = {}): Instrumentation {
  const {tracerProvider = traceApi, meterProvider = metricsApi} = options;
  const summary = options.summary ?? (() => undefined);
  const pools = new KnownPools();
  const spans = new Spans(tracerProvider.getTracer(NAME), {
    parameters: options.parameters ?? false,
    returnedRows: options.returnedRows ?? false,
    summary,
  });
  const metrics = new Metrics(meterProvider.getMeter(NAME), pools);
  for (const pool of options.pools ?? []) pools.add(pool.stats().name, pool);

  const subscriptions = new Subscriptions();
  subscriptions.event('pool', isPool, ({poolName, pool}) => pools.add(poolName, pool));
  subscriptions.event('release', isRelease, (trace) => metrics.released(trace));
  subscriptions.operation('query', isQuery, {
    begin: (trace) => {
      metrics.begin(trace);
      return spans.beginQuery(trace);
    },
    end: (trace) => {
      spans.endStatement(trace);
      metrics.endQuery(trace, summary(trace));
    },
  });
  subscriptions.operation('stream', isStream, {
    begin: (trace) => {
      metrics.begin(trace);
      return spans.beginStream(trace);
    },
    end: (trace) => {
      spans.endStatement(trace);
      metrics.endStream(trace, summary(trace), operationOf(trace));
    },
  });
  subscriptions.operation('transaction', isTransaction, {
    begin: (trace) => spans.beginTransaction(trace),
    end: (trace) => spans.endTransaction(trace),
  });
  subscriptions.operation('acquire', isAcquire, {
    begin: (trace) => {
      metrics.begin(trace);
      return context.active();
    },
    end: (trace) => metrics.endAcquire(trace),
  });
  subscriptions.operation('connect', isConnect, {
    begin: (trace) => {
      metrics.begin(trace);
      return context.active();
    },
    end: (trace) => metrics.endConnect(trace),
  });
  return {
    stop: () => {
      subscriptions.end();
      metrics.stop();
    },
  };
}
