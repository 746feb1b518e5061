/** The published `@databases/pg` 6.1.0. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import type {IdleConnections} from './idle-connections';
import {allAtOnce} from './all-at-once';

export async function openIdle(url: string, count: number): Promise<IdleConnections> {
  const db = createConnectionPool({
    connectionString: url,
    poolSize: count,
    bigIntMode: 'number',
  });
  await allAtOnce(count, (allHere) =>
    db.task(async (connection) => {
      await connection.query(sql`SELECT 1 AS one`);
      await allHere();
    }),
  );
  return {
    ask: () => db.query<{one: number}>(sql`SELECT 1 AS one`),
    close: () => db.dispose(),
  };
}
