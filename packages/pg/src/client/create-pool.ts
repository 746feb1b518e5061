/** Puts a pool together from its configuration. */
import type {SQLQuery} from '@databases/sql';
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import {traceTarget} from '../connection';
import {ConfigurationError} from '../errors';
import {PoolTrace, poolChannel} from '../tracing';
import {TypeRegistry} from '../types';
import type {CreateInspector} from './api/inspector-options';
import type {AnotherPoolOptions} from './api/queryable';
import type * as Listening from './listen/create-listener';
import {notifyQuery} from './listen/notify';
import {PoolClient} from './pools/pool-client';
import {PoolQueries} from './pools/pool-queries';
import {limitsOf} from './pools/pool-stats';
import {createPool} from './pools/pooled-connections';
import type {Environment} from './queries/environment';
import {commentWriter} from './statements/sql-comment';
import {StatementCatalog} from './statements/statement-catalog';
import {Failures} from './telemetry/failures';
import {LastServer} from './telemetry/last-server';
import {ReleaseEvents} from './telemetry/release-events';
import {TypeLookup} from './values/type-lookup';
import {TypeParsers} from './values/type-parsers';

/** The program hears of its own pool only. */
const NO_HANDLERS = {
  onError: undefined,
  onQueryStart: undefined,
  onQueryResults: undefined,
  onQueryError: undefined,
  onSlowQuery: undefined,
  onConnectionOpened: undefined,
  onConnectionClosed: undefined,
};

/** Of what this package asks for itself: built-in types only, so that one will do for all pools. */
const OWN_REGISTRY = new TypeRegistry();

export function createPoolClient(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<SQLQuery>,
  createInspector: CreateInspector,
): PoolClient {
  const {types, bigIntMode} = options;
  const registry = new TypeRegistry({
    bigIntMode,
    types: typeof types === 'function' ? undefined : types,
  });
  const failures = new Failures(() => performance.now());
  const tell = options.onError ?? reportToConsole;
  const report = (error: Error) => {
    failures.record(error);
    tell(error);
  };
  const environment: Environment = {
    report,
    failures,
    releases: new ReleaseEvents(report),
    slowQueryMilliseconds: options.slowQueryMilliseconds,
    leakWarningMilliseconds: options.leakWarningMilliseconds,
    traceTarget: new LastServer(traceTarget(config, options, 0)),
    catalog: new StatementCatalog({
      alone: options.resetOnRelease === 'always',
      prepared: options.maxPreparedStatements,
    }),
    registry,
    ownRegistry: OWN_REGISTRY,
    typeLookup: new TypeLookup(registry),
    handlers: options,
    captureStacks: options.captureStacks,
    acquireLockTimeoutMilliseconds: options.acquireLockTimeoutMilliseconds,
    comment: options.sqlCommenter && commentWriter(options.sqlCommenter),
    queryTimeoutMilliseconds: options.queryTimeoutMilliseconds,
  };
  warn(config.warnings, report);
  const pool = createPool(config, options, environment);
  const queries = new PoolQueries(pool, environment);
  const typeParsers = new TypeParsers(registry, queries, types);
  const client = new PoolClient({
    environment,
    pool,
    queries,
    limits: limitsOf(options),
    idleTimeoutMillis: options.idleTimeoutMilliseconds,
    typeParsers,
    createListener: () => {
      // Loaded by the first call that listens: few programs do.
      const {createListener}: typeof Listening = require('./listen/create-listener');
      return createListener(config, options, report, (channel) =>
        client.query(notifyQuery(channel)),
      );
    },
    another: (changes: AnotherPoolOptions) =>
      createPoolClient(config, {...options, ...NO_HANDLERS, ...changes}, createInspector),
    createInspector,
  });
  if (poolChannel.hasSubscribers) {
    poolChannel.publish(new PoolTrace(environment.traceTarget.current, client));
  }
  return client;
}

/** Once per pool, and not before the program has the pool: its onError may well use it. */
function warn(warnings: readonly string[], report: (error: Error) => void): void {
  if (warnings.length === 0) return;
  queueMicrotask(() => {
    for (const warning of warnings) report(new ConfigurationError(warning));
  });
}

function reportToConsole(error: Error): void {
  // The only place where this package prints: an error that no caller is there to be given.
  // oxlint-disable-next-line no-console
  console.warn(`@databases/pg: ${error.message}`);
}
