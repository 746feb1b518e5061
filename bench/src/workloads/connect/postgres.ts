/** `postgres` (postgres.js) 3.4.9: a pool of one. */
import postgres = require('peer-postgres');
import type {Sql} from 'peer-postgres';
import type {Answer, ConnectProgram, Options} from './program';

async function withSql<Result>(
  {url, certificateAuthority: ca}: Options,
  body: (sql: Sql) => PromiseLike<Result>,
): Promise<Result> {
  const sql = postgres(url, {max: 1, ...(ca !== undefined && {ssl: {ca}})});
  try {
    return await body(sql);
  } finally {
    await sql.end();
  }
}

export function open(): Promise<ConnectProgram> {
  return Promise.resolve({
    ask: (options, id) =>
      withSql(options, (sql) => sql<Answer>`SELECT id, name FROM point_item WHERE id = ${id}`),
    isEncrypted: (options) =>
      withSql(options, async (sql) => {
        const rows = await sql<{
          ssl: boolean;
        }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
        return rows[0]?.ssl === true;
      }),
  });
}
