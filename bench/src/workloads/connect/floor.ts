/** The floor (floor/connection.ts): a connection. */
import {FloorConnection} from '../../floor/connection';
import {FloorStatement} from '../../floor/statement';
import type {Answer, ConnectProgram, Options} from './program';

async function query<Row>(
  {url, certificateAuthority}: Options,
  statement: FloorStatement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const connection = await FloorConnection.open(url, certificateAuthority);
  try {
    return await statement.run(connection, values);
  } finally {
    await connection.close();
  }
}

const ask = new FloorStatement<Answer>('', 'SELECT id, name FROM point_item WHERE id = $1');
const isEncrypted = new FloorStatement<{ssl: boolean}>(
  '',
  'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
);

export function open(): Promise<ConnectProgram> {
  return Promise.resolve({
    ask: (options, id) => query(options, ask, [id]),
    isEncrypted: async (options) => (await query(options, isEncrypted, []))[0]?.ssl === true,
  });
}
