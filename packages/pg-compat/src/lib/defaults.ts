/** `pg/lib/defaults`: for libraries that load it from there. */
import {defaults} from '../index';

export = defaults;
