/** `pg` 8.23.1: a client, without a pool. */
import {Client} from 'peer-pg';
import type {QueryConfig} from 'peer-pg';
import type {Answer, ConnectProgram, Options} from './program';

async function query<Row>(options: Options, config: QueryConfig): Promise<Row[]> {
  const {url, certificateAuthority: ca} = options;
  const client = new Client({connectionString: url, ...(ca !== undefined && {ssl: {ca}})});
  await client.connect();
  try {
    return (await client.query<Row>(config)).rows;
  } finally {
    await client.end();
  }
}

export function open(): Promise<ConnectProgram> {
  return Promise.resolve({
    ask: (options, id) =>
      query<Answer>(options, {
        text: 'SELECT id, name FROM point_item WHERE id = $1',
        values: [id],
      }),
    isEncrypted: async (options) => {
      const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
      return (await query<{ssl: boolean}>(options, {text}))[0]?.ssl === true;
    },
  });
}
