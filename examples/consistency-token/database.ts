/** A primary and its replicas as one. Everything that talks to the database imports it from here. */
import createConnectionPool, {sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';

const replicas = process.env['DATABASE_REPLICA_URLS']?.split(',') ?? [];
const db = createCluster(
  createConnectionPool(),
  replicas.map((url) => createConnectionPool(url)),
);

export {sql};
export default db;
