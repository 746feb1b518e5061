/** The published `@databases/pg` 6.1.0: a pool of one. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import type {SQLQuery} from 'peer-databases-pg';
import type {Answer, ConnectProgram, Options} from './program';

async function query<Row>(options: Options, text: SQLQuery): Promise<Row[]> {
  const {url, certificateAuthority: ca} = options;
  const ssl = ca === undefined ? false : {ca};
  const db = createConnectionPool({
    connectionString: url,
    poolSize: 1,
    bigIntMode: 'number',
    ssl,
  });
  try {
    return await db.query<Row>(text);
  } finally {
    await db.dispose();
  }
}

export function open(): Promise<ConnectProgram> {
  return Promise.resolve({
    ask: (options, id) =>
      query<Answer>(options, sql`SELECT id, name FROM point_item WHERE id = ${id}`),
    isEncrypted: async (options) => {
      const text = sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
      return (await query<{ssl: boolean}>(options, text))[0]?.ssl === true;
    },
  });
}
