/** `pg/lib/query`: for libraries that load it from there. */
import {Query} from '../index';

export = Query;
