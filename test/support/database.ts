/** A Postgres for one test file and a pool on it, which has one connection unless told otherwise. */
import {after} from 'node:test';
import createConnectionPool from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {useServer} from './server';

export interface Database {
  /** The same pool throughout the file. */
  readonly db: ConnectionPool;
  readonly url: string;
  /** Another pool, for a test that needs its own; disposed when the file has run. */
  pool(options?: ConnectionPoolConfig): ConnectionPool;
}

export function useDatabase(): Database {
  const pools: ConnectionPool[] = [];
  // Before useServer, because its hook stops the server: pools are disposed while it is there.
  after(() => Promise.all(pools.map((pool) => pool.dispose())));
  const postgres = useServer();
  const pool = (options: ConnectionPoolConfig = {}) => {
    const created = createConnectionPool({connectionString: postgres.url, poolSize: 1, ...options});
    pools.push(created);
    return created;
  };
  let db: ConnectionPool | undefined;
  return {
    get db() {
      return (db ??= pool());
    },
    get url() {
      return postgres.url;
    },
    pool,
  };
}
