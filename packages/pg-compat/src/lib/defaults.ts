/** `pg/lib/defaults`: for libraries that load it from there. */
import {defaults} from '../defaults';

export = defaults;
