/** `pg` 8.23.1 through its pool. */
import {Pool} from 'peer-pg';
import type {IdleConnections} from './idle-connections';
import {allAtOnce} from './all-at-once';

const one = {name: 'one', text: 'SELECT 1 AS one'};

export async function openIdle(url: string, count: number): Promise<IdleConnections> {
  // Connections that idle longer than 10 s would be closed by default.
  const pool = new Pool({connectionString: url, max: count, idleTimeoutMillis: 0});
  await allAtOnce(count, async (allHere) => {
    const client = await pool.connect();
    await client.query(one);
    await allHere();
    client.release();
  });
  return {
    ask: async () => (await pool.query<{one: number}>(one)).rows,
    close: () => pool.end(),
  };
}
