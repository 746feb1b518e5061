/** The one pool of this process. Everything that talks to the database imports it from here. */
import createConnectionPool, {sql} from '@databases/pg';

// A process of such a platform serves one request at a time, and there may be very many processes.
const db = createConnectionPool({poolSize: 1});

export {sql};
export default db;
