/** `pg/lib/client`: for libraries that load it from there. */
import {Client} from '../client';

export = Client;
