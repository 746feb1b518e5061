/** `@databases/pg` of this repository: a pool of one. */
import createConnectionPool, {sql} from '@databases/pg';
import type {SQLQuery} from '@databases/pg';
import type {Answer, ConnectProgram, Options} from './program';

async function query<Row>(options: Options, text: SQLQuery): Promise<Row[]> {
  const {url, certificateAuthority: ca} = options;
  const ssl = ca === undefined ? 'disable' : {ca};
  const db = createConnectionPool({connectionString: url, poolSize: 1, ssl});
  try {
    return await db.query(text);
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
