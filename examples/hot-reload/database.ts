/**
 * The one pool of this program, also where a development server loads this file anew whenever something is saved:
 * `shared` gives the pool of that name if there is one in the process.
 */
import {shared, sql} from '@databases/pg';

const db = shared('hot-reload', {poolSize: 5});

export {sql};
export default db;
