/** `pg` 8.23.1 through its pool. */
import {Pool} from 'peer-pg';
import type {PointRow, Session, SessionOptions, WideRow} from './peer';
import {statements, transfer} from './pg-statements';

export function openPool(prepared: boolean, {url, poolSize}: SessionOptions): Session {
  const pool = new Pool({connectionString: url, max: poolSize});
  const query = statements(prepared);
  return {
    point: async (id) => (await pool.query<PointRow>(query.point(id))).rows,
    rows: async (count) => (await pool.query<WideRow>(query.rows(count))).rows,
    transfer: async (id) => {
      const client = await pool.connect();
      try {
        return await transfer(client, query.transfer, id);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
