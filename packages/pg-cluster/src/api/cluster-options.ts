/** Checks and completes the options of a cluster. */
import {UsageError} from '@databases/pg';
import type {ClusterOptions, Consistency} from './cluster-api';
import {belongsToOneNode} from '../routing/words';

export type ResolvedOptions = Required<Omit<ClusterOptions, 'route'>> &
  Pick<ClusterOptions, 'route'>;

const CONSISTENCIES: ReadonlySet<Consistency> = new Set([
  'session',
  'eventual',
  'monotonic',
  'strong',
]);

/** @throws {UsageError} `PG_INVALID_ARGUMENT` */
export function resolveOptions(given: ClusterOptions): ResolvedOptions {
  const options: ResolvedOptions = {
    consistency: given.consistency ?? 'session',
    waitMilliseconds: given.waitMilliseconds ?? 5,
    maxLagMilliseconds: given.maxLagMilliseconds ?? 1000,
    noReplica: given.noReplica ?? 'primary',
    primarySpill: given.primarySpill ?? 0.5,
    failoverTimeoutMilliseconds: given.failoverTimeoutMilliseconds ?? 10_000,
    probeMilliseconds: given.probeMilliseconds ?? 250,
    reads: given.reads ?? [],
    writes: given.writes ?? [],
    ...(given.route === undefined ? {} : {route: given.route}),
  };
  for (const [name, value] of Object.entries(options)) {
    const least = name === 'probeMilliseconds' ? 10 : 0;
    if (name.endsWith('Milliseconds') && !(typeof value === 'number' && value >= least)) {
      throw invalid(`${name} is a number of milliseconds from ${least}, not ${String(value)}`);
    }
  }
  if (!CONSISTENCIES.has(options.consistency)) {
    throw invalid(`consistency is one of ${[...CONSISTENCIES].join(', ')}`);
  }
  if (options.noReplica !== 'primary' && options.noReplica !== 'error') {
    throw invalid('noReplica is primary or error');
  }
  if (!(options.primarySpill >= 0 && options.primarySpill <= 1)) {
    throw invalid(
      `primarySpill is a part of the primary's connections, from 0 to 1, not ${options.primarySpill}`,
    );
  }
  const foreign = options.reads.filter(belongsToOneNode);
  if (foreign.length > 0) {
    throw invalid(
      `what ${foreign.join(', ')} ${foreign.length === 1 ? 'says' : 'say'} belongs to one node or session, so no statement with such a name is spread over replicas and naming it in reads has no effect; leave it out, and say {on: 'replica'} where you want the answer of a replica`,
    );
  }
  return options;
}

function invalid(message: string): UsageError {
  return new UsageError(`createCluster: ${message}.`, {code: 'PG_INVALID_ARGUMENT'});
}
