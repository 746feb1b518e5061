/** Goes to one host as the pool would, and asks the session it gets what it is like. */
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import {Connector} from '../connection';
import type {Connection, ConnectEvent} from '../connection';
import {DatabaseError} from '../errors';
import {ask} from './ask';
import {CONNECTIONS_QUESTION, connectionsStep} from './connections-step';
import {connectSteps} from './connect-steps';
import {failingStep} from './failing-step';
import {hostContext} from './host-context';
import type {HostContext} from './host-context';
import {newJourney, record} from './journey';
import {poolerStep} from './pooler-step';
import {REPLICATION_QUESTION, readReplicationState} from './replication-step';
import type {ReplicationState} from './replication-step';
import type {HostReport, Step, StepName} from './report';
import {failedStepOf, notReached} from './report';
import {roleStep} from './role-step';
import {roundTripStep} from './round-trip-step';

export interface HostOptions {
  readonly config: ResolvedConfig;
  readonly options: ResolvedPoolOptions;
  readonly index: number;
  readonly processes: number;
  /** Milliseconds, as `performance.now`. */
  readonly now: () => number;
}

export interface ExaminedHost {
  readonly report: HostReport;
  readonly replication: ReplicationState | undefined;
  /** It refused in a way that ends the pool's search: the other hosts would not be tried. */
  readonly isFinal: boolean;
}

const ROUND_TRIPS = 5;
const SESSION_STEPS: readonly StepName[] = ['role', 'roundTrip', 'pooler', 'connections'];

/** Never rejects for what the server or the network does: that is what the report is about. */
export async function examineHost(host: HostOptions): Promise<ExaminedHost> {
  const {config, index, now, processes} = host;
  const options = {...host.options, onError: undefined};
  let journey = newJourney(now());
  const observe = (event: ConnectEvent) => {
    journey = record(journey, event, now());
  };
  const connector = new Connector(
    config,
    options,
    {
      closed: (connection) => connection.whenClosed?.(),
      notice: () => undefined,
      notification: () => undefined,
    },
    observe,
  );
  const server = connector.serverAt(index);
  const context = hostContext(config, options, {index, server, processes});
  let connection: Connection;
  try {
    connection = await connector.openAt(index);
    journey.error = undefined;
    journey.endedAt = now();
  } catch (error) {
    journey.error = error;
    journey.endedAt = now();
    const shown =
      failingStep(journey, context) === 'tls'
        ? await connector.inspectTls(index).catch(() => undefined)
        : undefined;
    const steps = [...connectSteps(journey, context, shown), ...SESSION_STEPS.map(notReached)];
    const isFinal =
      error instanceof DatabaseError && (error.code.startsWith('28') || error.code === '3D000');
    return {report: {server, usable: false, steps}, replication: undefined, isFinal};
  }
  try {
    const connectedSteps = connectSteps(journey, context);
    const {steps, replication} = await examineSession(connection, context, host);
    const all = [...connectedSteps, ...steps];
    const usable = failedStepOf(all) === undefined;
    return {report: {server, usable, steps: all}, replication, isFinal: false};
  } finally {
    await new Promise<void>((resolve) => {
      connection.whenClosed = resolve;
      if (connection.phase === 'closed') resolve();
      else connection.close();
    });
  }
}

async function examineSession(
  connection: Connection,
  context: HostContext,
  {config, options, now}: HostOptions,
): Promise<{steps: Step[]; replication: ReplicationState | undefined}> {
  const {server} = context;
  const steps: Step[] = [
    roleStep({
      parameters: connection.session.parameters,
      server,
      target: config.targetSessionAttrs,
      hostCount: config.host.length,
    }),
  ];
  const times: number[] = [];
  const processIds: number[] = [];
  const measure = async () => {
    for (let i = 0; i < ROUND_TRIPS; i++) {
      const start = now();
      const [row] = await ask(connection, 'SELECT pg_backend_pid()');
      times.push(now() - start);
      processIds.push(Number(row?.[0]));
    }
    return roundTripStep(times);
  };
  steps.push(await attempt('roundTrip', measure));
  steps.push(
    processIds.length === 0
      ? notReached('pooler')
      : poolerStep({
          announcedProcessId: connection.backendKey?.processId,
          processIds,
          prepare: options.prepare,
        }),
  );
  steps.push(
    await attempt('connections', async () => {
      const [row] = await ask(connection, CONNECTIONS_QUESTION);
      return connectionsStep(row ?? [], context);
    }),
  );
  const replication =
    config.host.length > 1
      ? await ask(connection, REPLICATION_QUESTION).then(
          ([row]) => (row === undefined ? undefined : readReplicationState(server, row)),
          // Some hosted servers forbid it; the connection is fine nonetheless.
          () => undefined,
        )
      : undefined;
  return {steps, replication};
}

/** A question that the server does not answer is worth a warning: the connection itself stands. */
async function attempt(name: StepName, run: () => Promise<Step>): Promise<Step> {
  try {
    return await run();
  } catch (error) {
    const summary = `could not be asked: ${error instanceof Error ? error.message : String(error)}`;
    return {name, status: 'warn', summary};
  }
}
