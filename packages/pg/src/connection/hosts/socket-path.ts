/**
 * The unix socket of a server in a directory: UNIXSOCK_PATH() of Postgres, and getaddrinfo_unix() for its limit.
 *
 * Node cuts a path that is too long and connects to whatever is there, so that it has to be refused here.
 */
import {ConfigurationError} from '../../errors';

/** Bytes of `sockaddr_un.sun_path` without the zero behind the path. */
const MOST_BYTES: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  linux: 107,
  darwin: 103,
  freebsd: 103,
  openbsd: 103,
};

/**
 * @param host A directory, or `@name` for the abstract ones of Linux.
 * @param source What gave the host, for the message.
 * @throws {ConfigurationError} When the path is longer than the system's addresses.
 */
export function socketPath(
  host: string,
  port: number,
  source: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const path = `${host.replace(/^@/, '\0')}/.s.PGSQL.${port}`;
  const most = MOST_BYTES[platform];
  const bytes = Buffer.byteLength(path);
  if (most !== undefined && bytes > most)
    throw new ConfigurationError(
      `${source}: the path of the Unix socket, ${host}/.s.PGSQL.${port}, has ${bytes} bytes and this system takes ${most}. Use a directory with a shorter path, for example a symbolic link to this one.`,
      {source},
    );
  return path;
}
