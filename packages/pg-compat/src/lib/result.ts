/** `pg/lib/result`: for libraries that load it from there. */
import {Result} from '../index';

export = Result;
