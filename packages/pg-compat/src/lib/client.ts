/** `pg/lib/client`: for libraries that load it from there. */
import {Client} from '../index';

export = Client;
