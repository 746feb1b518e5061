/** From the flags of `start` and `run` to servers and their registry entry. */
import {launchCluster} from '../cluster';
import {PgTestError} from '../error';
import type {RegistryEntry} from '../registry';
import {RUN_SETTINGS} from '../runners/start-run';
import type {Server} from '../server';
import type {LaunchOptions} from '../start-server';
import {launchServer} from '../start-server';
import type {Command} from './arguments';

export interface Launched {
  entry: RegistryEntry;
  primary: Server;
  replicas: readonly Server[];
  stop(): Promise<void>;
}

export async function launchFromFlags(
  flags: Command['flags'],
  name: string,
  owner: RegistryEntry['owner'],
): Promise<Launched> {
  const replicaCount = wholeNumber(flags.replicas, 'replicas', 16) ?? 0;
  const options: LaunchOptions = {
    durable: flags.durable === true,
    watched: owner === 'run',
    port: wholeNumber(flags.port, 'port', 65_535) ?? 0,
    ...(owner === 'run' ? {settings: RUN_SETTINGS} : {}),
    ...(typeof flags.version === 'string' ? {version: flags.version} : {}),
    ...(flags.storage === undefined ? {} : {storage: storage(flags.storage)}),
    ...(typeof flags.binaries === 'string' ? {binaries: flags.binaries} : {}),
  };
  const {primary, replicas, stop} = await launchAll(options, replicaCount);
  const entry: RegistryEntry = {
    name,
    version: primary.version,
    port: primary.port,
    durable: flags.durable === true,
    owner,
    startedAt: new Date().toISOString(),
    servers: [primary, ...replicas].map((server) => ({
      folder: server.socketDirectory,
      dataDirectory: server.dataDirectory,
      connectionString: server.connectionString,
      processId: server.processId,
    })),
  };
  return {entry, primary, replicas, stop};
}

async function launchAll(
  options: LaunchOptions,
  replicas: number,
): Promise<Omit<Launched, 'entry'>> {
  if (replicas > 0) {
    const cluster = await launchCluster({...options, replicas});
    return {primary: cluster.primary, replicas: cluster.replicas, stop: () => cluster.stop()};
  }
  const primary = await launchServer(options);
  return {primary, replicas: [], stop: () => primary.stop()};
}

function storage(value: string | true): 'memory' | 'disk' {
  if (value === 'memory' || value === 'disk') return value;
  throw new PgTestError('PG_TEST_BAD_OPTION', '--storage is either memory or disk.');
}

function wholeNumber(
  value: string | true | undefined,
  flag: string,
  highest: number,
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value === true || !/^\d+$/.test(value) || number > highest) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      `--${flag} is ${JSON.stringify(value)}; it must be a whole number from 0 to ${highest}.`,
    );
  }
  return number;
}
