/**
 * What `node --import @databases/pg-test/node` does before a test file: gives it a database of its own. Under
 * `pg-test run` that is a copy; without it there is a server for the file alone, which ends with its process (the
 * watchdog sees to that). `node --test` itself does not load what --import names, its processes for the files do.
 */
import {writeSync} from 'node:fs';
import {isAlive} from '../process-family';
import {describeLog} from '../runners/describe-log';
import {readPreparedRun} from '../runners/prepared-run';
import {startRun} from '../runners/start-run';
import {useWorkerDatabase} from '../runners/worker-database';

const STANDARD_ERROR = 2;

async function prepare(): Promise<void> {
  if (readPreparedRun() === undefined) await startRun();
  const database = await useWorkerDatabase(String(process.pid), (other) => !isAlive(Number(other)));
  if (database === undefined) return;
  process.once('exit', () => {
    if (process.exitCode === undefined || process.exitCode === 0) return;
    writeSync(STANDARD_ERROR, describeLog(database.logFile, {database: database.name}));
  });
}

export = prepare;
