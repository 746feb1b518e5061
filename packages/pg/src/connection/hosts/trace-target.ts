/** What traces say of a pool and one of its hosts. */
import type {ResolvedConfig, ResolvedPoolOptions} from '../../config';
import type {TraceTarget} from '../../tracing';

export function traceTarget(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<never>,
  index: number,
): TraceTarget {
  return {
    serverAddress: config.host[index] ?? 'localhost',
    serverPort: config.port[index] ?? 5432,
    database: config.database,
    schema: options.schema[0],
    poolName: options.poolName ?? poolNameOf(config),
  };
}

/** The one that OpenTelemetry has for pools without a name of their own. */
function poolNameOf({host, port, database}: ResolvedConfig): string {
  return `${host[0] ?? 'localhost'}:${port[0] ?? 5432}/${database}`;
}
