/**
 * A real Postgres for one test file, stopped when the file has run.
 *
 * `PGVERSION` says which (14 to 18, default 18), so the same tests run on every version.
 */
import {after, before} from 'node:test';
import {startServer} from '@databases/pg-test';
import type {Server, ServerOptions} from '@databases/pg-test';

/** The version under test. */
export const postgresVersion = Number(process.env['PGVERSION'] ?? '18');

/**
 * Starts a server before the tests of the file and lets `prepare` fill it; the getters answer from then on.
 * (A second `before` of the file would not wait for the first.)
 */
export function useServer(
  options: ServerOptions = {},
  prepare?: (url: string) => Promise<unknown>,
): {
  readonly server: Server;
  readonly url: string;
} {
  let started: Server | undefined;
  before(async () => {
    started = await startServer({version: String(postgresVersion), ...options});
    await prepare?.(started.connectionString);
  });
  after(() => started?.stop());
  const server = () => {
    if (started === undefined)
      throw new Error('the server is started before the tests, not earlier');
    return started;
  };
  return {
    get server() {
      return server();
    },
    get url() {
      return server().connectionString;
    },
  };
}
