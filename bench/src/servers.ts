/** The servers under the workloads, started when first needed. */
import createConnectionPool from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {startServer} from '@databases/pg-test';
import type {Server} from '@databases/pg-test';
import {createDataSet} from './data-set';
import type {Workload} from './workloads/workload';

export interface BenchServer {
  readonly server: Server;
  /** The runner's own connections, for preparing and counting. */
  readonly db: ConnectionPool;
}

// What would start by itself in the midst of somebody's measurement is kept from it, for all peers alike.
const settings = {
  autovacuum: 'off',
  checkpoint_timeout: '1h',
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
  const durable = kind === 'durable';
  const server = await startServer({
    version: 18,
    durable,
    storage: durable ? 'disk' : 'memory',
    settings,
  });
  const db = createConnectionPool({connectionString: server.connectionString, poolSize: 1});
  await createDataSet(db);
  return {server, db};
}
