/**
 * A primary with streaming standbys, real replication between real servers. Each member is a Server
 * of its own and can be killed, frozen and restarted alone; a Replica can be promoted and told whom
 * to follow. It fails nothing over by itself: that is for the test to do.
 */
import {copyRunningServer} from './base-backup';
import {PgTestError} from './error';
import type {ServerOptions} from './options';
import {primaryConninfo, waitForReplay} from './replication';
import type {Server} from './server';
import {launchServer} from './start-server';
import type {LaunchOptions} from './start-server';

export interface ClusterOptions extends ServerOptions {
  /** How many standbys. Default 1. `port` is the primary's; the standbys take free ones. */
  replicas?: number;
  /** Lines of postgresql.conf for the standbys only; they win over `settings`. */
  replicaSettings?: Readonly<Record<string, string>>;
}

const DEFAULT_REPLICAS = 1;
const CATCH_UP_TIMEOUT_MILLISECONDS = 30_000;

/** What keeps standbys near: WAL kept for those that were away, and quick retries. */
const REPLICATION_SETTINGS = {wal_keep_size: '512MB', wal_retrieve_retry_interval: '100ms'};
/** Walsenders beside the standbys' own: for tests that replicate by hand. */
const SPARE_WAL_SENDERS = 10;

/**
 * Starts a primary and its standbys, all ready for connections when the promise resolves.
 *
 * @throws PgTestError as startServer() does; a failed standby takes the others down again.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  return launchCluster(options);
}

/** startCluster() for this package's own use, with the options that callers do not get. */
export async function launchCluster(options: ClusterOptions & LaunchOptions): Promise<Cluster> {
  const {replicas = DEFAULT_REPLICAS, replicaSettings, ...shared} = options;
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw new PgTestError('PG_TEST_BAD_OPTION', `replicas is ${replicas}; it must be 0 or more.`);
  }
  const settings = {
    ...REPLICATION_SETTINGS,
    max_wal_senders: String(replicas + SPARE_WAL_SENDERS),
    ...shared.settings,
  };
  const primary = await launchServer({...shared, settings});
  const cluster = new Cluster(primary, {...shared, settings: {...settings, ...replicaSettings}});
  try {
    // One after the other: two would only compete for the same disk.
    for (let index = 0; index < replicas; index++) await cluster.addReplica();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

export class Cluster implements AsyncDisposable {
  /** The server the cluster was started with, whatever has been promoted since. */
  readonly primary: Server;
  readonly #replicas: Server[] = [];
  readonly #options: LaunchOptions;

  /** @internal Made by startCluster(). */
  constructor(primary: Server, options: LaunchOptions) {
    this.primary = primary;
    this.#options = options;
  }

  /** In the order they were added. */
  get replicas(): readonly Server[] {
    return this.#replicas;
  }

  /** A further standby of the given server, by default of the first primary. */
  async addReplica(of: Server = this.primary): Promise<Server> {
    const applicationName = `replica_${this.#replicas.length + 1}`;
    const replica = await launchServer({
      ...this.#options,
      port: 0,
      ...(this.#options.logFile === undefined
        ? {}
        : {logFile: `${this.#options.logFile}.${applicationName}`}),
      // The copy has the role with its password; here it only goes into the connection string.
      ...(of.password === undefined ? {} : {password: of.password}),
      provisioned: true,
      fill: (dataDirectory, account) =>
        copyRunningServer(of, dataDirectory, account, primaryConninfo(of, applicationName)),
    });
    this.#replicas.push(replica);
    return replica;
  }

  /**
   * Waits until every running standby shows what `of` has committed so far. Rejects with
   * `PG_TEST_TIMEOUT` after 30 s.
   */
  async catchUp(of: Server = this.primary): Promise<void> {
    const standbys = [this.primary, ...this.#replicas].filter(
      (server) => server !== of && server.phase === 'running',
    );
    await waitForReplay(
      of.address,
      standbys.map((server) => server.address),
      CATCH_UP_TIMEOUT_MILLISECONDS,
    );
  }

  /** Stops every member and removes its data. Again is harmless. */
  async stop(): Promise<void> {
    // Standbys first: a primary's shutdown waits until they have everything.
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
    await this.primary.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
