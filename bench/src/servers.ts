/** The servers under the workloads, started when first needed. */
import createConnectionPool from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {startServer} from '@databases/pg-test';
import type {Server} from '@databases/pg-test';
import {makeCertificates} from '../../test/dist/support/certificates';
import {createDataSet} from './data-set';
import type {Workload} from './workloads/workload';

export interface BenchServer {
  readonly server: Server;
  /** The runner's own connections, for preparing and counting. */
  readonly db: ConnectionPool;
  /** PEM. Undefined where the server has no certificate. */
  readonly certificateAuthority: string | undefined;
}

// What would start by itself in the midst of somebody's measurement is kept from it, for all peers alike.
const settings = {
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  // The 200 of idle-memory.
  max_connections: '250',
  max_wal_size: '4GB',
  shared_buffers: '256MB',
};

export class Servers {
  readonly #started = new Map<Workload['server'], Promise<BenchServer>>();

  get(kind: Workload['server']): Promise<BenchServer> {
    let starting = this.#started.get(kind);
    if (starting === undefined) {
      starting = start(kind);
      this.#started.set(kind, starting);
    }
    return starting;
  }

  async stop(): Promise<void> {
    const all = await Promise.allSettled(this.#started.values());
    for (const one of all) {
      if (one.status === 'fulfilled') {
        await one.value.db.dispose();
        await one.value.server.stop();
      }
    }
  }
}

async function start(kind: Workload['server']): Promise<BenchServer> {
  const certificates = kind === 'tls' ? makeCertificates() : undefined;
  const server = await startServer({
    version: 18,
    durable: kind === 'durable',
    storage: kind === 'durable' ? 'disk' : 'memory',
    settings,
    ...(certificates && {tls: certificates.right, authentication: 'scram-sha-256'}),
  });
  const db = createConnectionPool({
    connectionString: server.connectionString,
    poolSize: 1,
    ssl: 'disable',
  });
  await createDataSet(db);
  return {server, db, certificateAuthority: certificates?.authority.certificate};
}
