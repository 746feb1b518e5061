/** What is deployed: a function that is called for each request. Between two calls its process may be frozen. */
import db, {sql} from './database';

export interface Answer {
  readonly visits: number;
  /** Of the server process that answered. */
  readonly session: number;
}

// The pool is kept from call to call, and not disposed of: the platform ends the process without a word. A connection
// that was idle for a second or longer, by the clock of the day, is verified before a query is sent on it, and replaced
// if it does not answer; so nothing is sent twice.
export async function handler(page: string): Promise<Answer> {
  const [row] = await db.query(sql`
    INSERT INTO visits (page, visits) VALUES (${page}, 1)
    ON CONFLICT (page) DO UPDATE SET visits = visits.visits + 1
    RETURNING visits, pg_backend_pid() AS session
  `);
  return row;
}
