/** Some page of a program, that talks to the database. */
import shared, {sql} from './database';

export async function render(db = shared): Promise<string> {
  const parts = Array.from({length: 5}, (_, part) =>
    db.tx((tx) => tx.query(sql`SELECT ${part}::int AS part, pg_sleep(0.01)`)),
  );
  return `a page of ${(await Promise.all(parts)).length} parts`;
}
