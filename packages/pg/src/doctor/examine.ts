/** The whole examination: configuration, then host after host, then what they say about one another. */
import {describeTarget, resolveConfig, resolvePoolOptions} from '../config';
import type {ConfigSources, ConnectionPoolConfig, ResolvedConfig} from '../config';
import {PgError} from '../errors';
import {configurationStep} from './configuration-step';
import {examineHost} from './examine-host';
import type {ExaminedHost} from './examine-host';
import {filesStep, recordFiles} from './files-step';
import {replicationStep} from './replication-step';
import type {ReplicationState} from './replication-step';
import {failedStepOf} from './report';
import type {HostReport, Report, Step} from './report';

export interface ExamineOptions {
  /** Undefined: as for `createConnectionPool()`, the environment says where. */
  readonly connectionString: string | undefined;
  readonly poolSize?: number | undefined;
  readonly processes: number;
  readonly sources: ConfigSources;
  /** Milliseconds, as `performance.now`. */
  readonly now: () => number;
}

/** Never rejects for what a configuration, a server or the network does: the report says it. */
export async function examine(given: ExamineOptions): Promise<Report> {
  const {sources, record} = recordFiles(given.sources, given.now);
  const input: ConnectionPoolConfig = {
    ...(given.connectionString === undefined ? {} : {connectionString: given.connectionString}),
    ...(given.poolSize === undefined ? {} : {poolSize: given.poolSize}),
  };
  let config: ResolvedConfig;
  let options;
  try {
    config = resolveConfig(given.connectionString, sources);
    options = resolvePoolOptions(input, config.poolDefaults);
  } catch (error) {
    if (!(error instanceof PgError)) throw error;
    return withoutConfiguration(error, filesStep(record));
  }
  const examined: ExaminedHost[] = [];
  for (const index of config.host.keys()) {
    const {processes, now} = given;
    examined.push(await examineHost({config, options, index, processes, now}));
  }
  const hosts = examined.map(({report}) => report);
  const states = examined
    .map(({replication}) => replication)
    .filter((state): state is ReplicationState => state !== undefined);
  return {
    ...conclude(examined),
    target: describeTarget(config),
    steps: [
      configurationStep(config, options),
      filesStep(record),
      ...(hosts.length > 1 ? [replicationStep(states)] : []),
    ],
    hosts,
  };
}

function withoutConfiguration(error: PgError, files: Step): Report {
  const missing = error.code === 'PG_CONFIGURATION_MISSING';
  return {
    ok: false,
    conclusion: 'configuration: what to connect to cannot be understood; nothing was tried',
    failedStep: 'configuration',
    steps: [
      {
        name: 'configuration',
        status: 'fail',
        summary: error.message,
        advice: [
          missing
            ? 'or name it here: npx @databases/pg doctor postgres://user@host:5432/database'
            : 'characters like @ / : # % in a user name or password have to be percent-encoded in a URL',
        ],
      },
      files,
    ],
    hosts: [],
  };
}

/** As the connector goes: host after host, up to the first that will do or whose refusal is the last word. */
function conclude(
  examined: readonly ExaminedHost[],
): Pick<Report, 'ok' | 'conclusion' | 'failedStep'> {
  const end = examined.find(({report, isFinal}) => report.usable || isFinal);
  if (end?.report.usable === true) {
    const usable = examined.filter(({report}) => report.usable).length;
    return {
      ok: true,
      conclusion:
        examined.length === 1
          ? `a connection to ${end.report.server} works`
          : `a connection works; ${usable} of ${examined.length} hosts can be used`,
    };
  }
  const report = (end ?? examined.at(-1))?.report;
  const step = failedStepOf(report?.steps ?? []);
  return {
    ok: false,
    conclusion: `${nameOf(report)} fails at ${step?.name ?? 'an unknown step'}: ${step?.summary ?? ''}`,
    ...(step === undefined ? {} : {failedStep: step.name}),
  };
}

function nameOf(report: HostReport | undefined): string {
  return report?.server ?? 'no host';
}
