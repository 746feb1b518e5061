/**
 * The database of a worker: a copy of the run's template, new for each test file, so that a file begins with what the
 * migrations left and files that run at the same time do not meet. Where nothing was prepared it does nothing: the
 * connection string is the one that was given.
 */
import {randomBytes} from 'node:crypto';
import {createDatabase} from '../database';
import type {Database} from '../database';
import {PgTestError} from '../error';
import {quoteIdentifier, withSession} from '../simple-query';
import type {AdminSession} from '../simple-query';
import {readPreparedRun} from './prepared-run';

export interface WorkerDatabase extends Database {
  /** The server's log, for showing it where a test has failed. */
  readonly logFile: string;
}

const NAME = /^worker_([^_]+)_[0-9a-f]+$/;

/**
 * Makes the copy and puts its connection string into the variable of the run.
 *
 * @param worker tells workers apart that run at the same time; no `_` in it
 * @param isOver whether the database of another worker's file is not needed any more. Default: none is; those of this
 *   worker's own earlier files are not in any case
 * @throws PgTestError `PG_TEST_QUERY_FAILED`: the server is gone, or has no room.
 */
export async function useWorkerDatabase(
  worker: string,
  isOver: (worker: string) => boolean = () => false,
): Promise<WorkerDatabase | undefined> {
  const run = readPreparedRun();
  if (run === undefined) return undefined;
  const {place, template, environmentVariable} = run;
  await withSession(place.address, (session) =>
    dropUnused(session, (other) => other === worker || isOver(other)),
  );
  const name = `worker_${worker}_${randomBytes(4).toString('hex')}`;
  const database = await createDatabase(place, {name, template});
  process.env[environmentVariable] = database.connectionString;
  return {...database, logFile: place.logFile};
}

/**
 * A file that left its pool open keeps its database: ending the sessions of such a pool would let an error loose in
 * whatever client it is.
 */
async function dropUnused(
  session: AdminSession,
  isOver: (worker: string) => boolean,
): Promise<void> {
  const unused = await session.query(
    `SELECT datname FROM pg_database d WHERE starts_with(datname, 'worker_')
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const [name] of unused) {
    const [, worker] = NAME.exec(name ?? '') ?? [];
    if (!name || worker === undefined || !isOver(worker)) continue;
    // Another file may be dropping it at this moment; one that stays is dropped with the server.
    await session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`).catch(() => {});
  }
}

/**
 * One more copy of the database that the migrations of this test run filled, for a test that needs one to itself.
 *
 * @throws PgTestError `PG_TEST_NOT_FOUND`: no set-up of this package prepared the run.
 */
export async function cloneDatabase(): Promise<Database> {
  const run = readPreparedRun();
  if (run !== undefined) return createDatabase(run.place, {template: run.template});
  throw new PgTestError(
    'PG_TEST_NOT_FOUND',
    'There is no template to copy: use a set-up file of @databases/pg-test in your test runner, and leave ' +
      'DATABASE_URL unset for it; or startServer() and its template().',
  );
}
