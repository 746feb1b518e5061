/**
 * The one pool of this program, also where a development server loads this file anew whenever something is saved: what
 * is kept at `globalThis` outlives the modules.
 */
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';

const kept: typeof globalThis & {databasePool?: ConnectionPool} = globalThis;
const db = (kept.databasePool ??= createConnectionPool({poolSize: 5}));

export {sql};
export default db;
