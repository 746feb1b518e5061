/**
 * What `vitest/setup.mjs` does in each worker before a test file: a database of its own; and for a test that failed,
 * what Postgres logged about that database while it ran.
 */
import {describeLog} from '../runners/describe-log';
import {logSizeBytes} from '../runners/server-log';
import {useWorkerDatabase} from '../runners/worker-database';

/** Of Vitest's context of a test, what is needed. */
interface TestContext {
  readonly onTestFailed: (fn: () => void) => void;
}

/** @param beforeEach Vitest's: the package itself does not depend on it. */
async function prepareWorker(
  beforeEach: (fn: (context: TestContext) => void) => unknown,
): Promise<void> {
  const database = await useWorkerDatabase(process.env['VITEST_POOL_ID'] ?? '1');
  if (database === undefined) return;
  beforeEach(({onTestFailed}) => {
    const since = logSizeBytes(database.logFile);
    onTestFailed(() => {
      process.stderr.write(describeLog(database.logFile, {since, database: database.name}));
    });
  });
}

export = prepareWorker;
