/** The one pool of this program. Everything that talks to the database imports it from here. */
import createConnectionPool, {sql} from '@databases/pg';

// Connects to DATABASE_URL, at the first query. A connection of `listen` that is lost is told here, and replaced.
const db = createConnectionPool({onError: (error) => console.log(`pool: ${error.message}`)});

export {sql};
export default db;
