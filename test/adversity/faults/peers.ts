/**
 * `pg` and `postgres` in the table of faults, from bench/node_modules: with their defaults, without listeners, as their
 * READMEs use them.
 */
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import type {FaultClient, Query, Row, Values} from './fault';

export const benchFolder = resolve(__dirname, '../../../../bench');
const load = createRequire(join(benchFolder, 'package.json'));

interface PgConfig {
  readonly name?: string;
  readonly text: string;
  readonly values: Values;
}
interface PgSession {
  query(config: PgConfig): Promise<{rows: Row[]}>;
}
interface PgClient extends PgSession {
  release(): void;
  on(event: 'notification', heard: (message: {payload: string}) => void): void;
}
interface Pg {
  readonly Pool: new (options: {
    connectionString: string;
    max: number;
    connectionTimeoutMillis?: number;
  }) => PgSession & {connect(): Promise<PgClient>; end(): Promise<void>};
}

function pgQueryOf(session: PgSession): Query {
  return async (text, values = []) => (await session.query({text, values})).rows;
}

export const pg: FaultClient = {
  open({url, max, connectTimeoutSeconds}) {
    const {Pool}: Pg = load('peer-pg');
    const pool = new Pool({
      connectionString: url,
      max,
      ...(connectTimeoutSeconds !== undefined && {
        connectionTimeoutMillis: connectTimeoutSeconds * 1000,
      }),
    });
    const hold = async <T>(body: (query: Query) => Promise<T>): Promise<T> => {
      const client = await pool.connect();
      try {
        return await body(pgQueryOf(client));
      } finally {
        client.release();
      }
    };
    return {
      query: pgQueryOf(pool),
      prepared: async (text, values = []) => (await pool.query({name: text, text, values})).rows,
      hold,
      tx: (body) =>
        hold(async (query) => {
          await query('BEGIN');
          try {
            const result = await body(query);
            await query('COMMIT');
            return result;
          } catch (error) {
            await query('ROLLBACK');
            throw error;
          }
        }),
      async listen(channel, heard) {
        const client = await pool.connect();
        client.on('notification', ({payload}) => heard(payload));
        await client.query({text: `LISTEN ${channel}`, values: []});
      },
      end: () => pool.end(),
      inspectable: pool,
    };
  },
};

interface PostgresSession {
  unsafe(text: string, values: Values, options: {prepare: boolean}): Promise<Row[]>;
}
interface Postgres extends PostgresSession {
  begin<T>(body: (session: PostgresSession) => Promise<T>): Promise<T>;
  reserve(): Promise<PostgresSession & {release(): void}>;
  listen(channel: string, heard: (payload: string) => void): Promise<unknown>;
  end(): Promise<void>;
}
type PostgresFactory = (
  url: string,
  options: {max: number; connect_timeout?: number; fetch_types: boolean},
) => Postgres;

function postgresQueryOf(session: PostgresSession, prepare = false): Query {
  return (text, values = []) => session.unsafe(text, values, {prepare});
}

export const postgres: FaultClient = {
  open({url, max, connectTimeoutSeconds}) {
    const create: PostgresFactory = load('peer-postgres');
    const db = create(url, {
      max,
      // It would ask the scripted servers about their types.
      fetch_types: false,
      ...(connectTimeoutSeconds !== undefined && {connect_timeout: connectTimeoutSeconds}),
    });
    return {
      query: postgresQueryOf(db),
      prepared: postgresQueryOf(db, true),
      tx: (body) => db.begin((session) => body(postgresQueryOf(session))),
      async hold(body) {
        // Its reserve() never resolves as the first call of all.
        await db.unsafe('SELECT 1', [], {prepare: false});
        const session = await db.reserve();
        try {
          return await body(postgresQueryOf(session));
        } finally {
          session.release();
        }
      },
      listen: (channel, heard) => db.listen(channel, heard),
      end: () => db.end(),
      inspectable: db,
    };
  },
};
