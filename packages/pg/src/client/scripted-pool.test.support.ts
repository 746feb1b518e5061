/** For tests: a pool on a scripted server in this process, and what that server was sent. */
import type {TestContext} from 'node:test';
import type {SQLQuery} from '@databases/sql';
import {resolveConfig, resolvePoolOptions} from '../config';
import type {ConnectionPoolConfig} from '../config';
import {serveScript} from '../connection/socket-server.test.support';
import type {BackendScript, FrontendMessage} from '../protocol/testing';
import {createPoolClient} from './create-pool';
import type {PoolClient} from './pools/pool-client';

export interface ScriptedPool {
  readonly db: PoolClient;
  /** The texts of the statements that were run, in order, of all connections. */
  readonly texts: () => string[];
  readonly messages: () => FrontendMessage[];
  /** How many were asked to run something so far. */
  readonly connections: () => number;
}

export async function scriptedPool(
  t: TestContext,
  script: BackendScript,
  options: ConnectionPoolConfig<SQLQuery> = {},
): Promise<ScriptedPool> {
  const ran: string[] = [];
  const {port, backends} = await serveScript(t, {
    ...script,
    query(text, parameters) {
      ran.push(text);
      return script.query(text, parameters);
    },
    // Without one the server would be asked for the columns by running the statement.
    describe: (text) => script.describe?.(text),
  });
  const config = resolveConfig(
    {connectionString: false, host: '127.0.0.1', port, user: 'u', database: 'd', ssl: false},
    {env: {}, readFile: () => undefined, homedir: undefined, username: 'u'},
  );
  const db = createPoolClient(
    config,
    resolvePoolOptions<SQLQuery>({poolSize: 1, bigIntMode: 'number', ...options}),
    () => () => undefined,
  );
  t.after(() => db.dispose());
  return {
    db,
    texts: () => [...ran],
    messages: () => backends.flatMap((backend) => backend.received),
    connections: () =>
      backends.filter(({received}) => received.some(({kind}) => kind === 'Execute')).length,
  };
}
