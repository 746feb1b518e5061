/** Where a server is and who may log in: what its databases, its replicas and the commands share. */
import type {Address} from './simple-query';

export interface ServerPlace {
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
  /** Folder of the server's own unix socket; its clients there need no password as `postgres`. */
  socketDirectory: string;
  dataDirectory: string;
  logFile: string;
  /** Removed at stop(). */
  folder: string;
  /** As the server says it, for example `18.4`. */
  version: string;
  /** For the package's own commands. */
  address: Address;
}

/** What making and copying databases needs to know; plain data that can be told to another process. */
export type DatabasePlace = Pick<
  ServerPlace,
  'host' | 'port' | 'user' | 'password' | 'version' | 'address' | 'logFile'
>;
