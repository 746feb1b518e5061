/** `pg/lib/type-overrides`: for libraries that load it from there. */
import {TypeOverrides} from '../index';

export = TypeOverrides;
