/**
 * One of Jest's `setupFiles`: gives the worker a database of its own, new for each test file, in DATABASE_URL.
 * Jest waits for the function that the module is.
 */
import {useWorkerDatabase} from '../runners/worker-database';

async function setup(): Promise<void> {
  await useWorkerDatabase(process.env['JEST_WORKER_ID'] ?? '1');
}

export = setup;
