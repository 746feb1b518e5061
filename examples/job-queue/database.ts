/** The one pool of this program. Everything that talks to the database imports it from here. */
import createConnectionPool, {sql} from '@databases/pg';

// Connects to DATABASE_URL, at the first query.
const db = createConnectionPool();

export {sql};
export default db;
