/** Writes connection strings; it reads none. */
import type {Address} from './simple-query';
import path from 'node:path';

export interface ConnectionParts {
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
}

export function connectionString(parts: ConnectionParts): string {
  const password = parts.password === undefined ? '' : `:${encodeURIComponent(parts.password)}`;
  const credentials = `${encodeURIComponent(parts.user)}${password}`;
  return `postgres://${credentials}@${parts.host}:${parts.port}/${encodeURIComponent(parts.database)}`;
}

/** How the package itself reaches a server: over its socket, on Windows over TCP. */
export function administratorAddress(socketDirectory: string, port: number): Address {
  return process.platform === 'win32'
    ? {host: '127.0.0.1', port}
    : {path: path.join(socketDirectory, `.s.PGSQL.${port}`)};
}
