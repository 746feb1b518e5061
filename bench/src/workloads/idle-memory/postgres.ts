/** `postgres` (postgres.js) 3.4.9: `reserve` holds a connection. */
import postgres = require('peer-postgres');
import type {IdleConnections} from './idle-connections';
import {allAtOnce} from './all-at-once';

export async function openIdle(url: string, count: number): Promise<IdleConnections> {
  const sql = postgres(url, {max: count});
  await allAtOnce(count, async (allHere) => {
    const connection = await sql.reserve();
    await connection`SELECT 1 AS one`;
    await allHere();
    connection.release();
  });
  return {ask: () => sql`SELECT 1 AS one`, close: () => sql.end()};
}
