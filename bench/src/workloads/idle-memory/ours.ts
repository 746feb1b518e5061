/** `@databases/pg` of this repository. */
import createConnectionPool, {sql} from '@databases/pg';
import type {IdleConnections} from './idle-connections';
import {allAtOnce} from './all-at-once';

export async function openIdle(url: string, count: number): Promise<IdleConnections> {
  const db = createConnectionPool({connectionString: url, poolSize: count});
  await allAtOnce(count, (allHere) =>
    db.task(async (connection) => {
      await connection.query(sql`SELECT 1 AS one`);
      await allHere();
    }),
  );
  return {
    ask: (): Promise<{one: number}[]> => db.query(sql`SELECT 1 AS one`),
    close: () => db.dispose(),
  };
}
