/** graphile-worker: makes its schema, hears of a job by NOTIFY and works it off. */
import assert from 'node:assert/strict';
import {Logger, run as runWorker, quickAddJob} from 'graphile-worker';
import pg from 'pg';

export default async function run(connectionString) {
  const pgPool = new pg.Pool({connectionString, max: 5});
  pgPool.on('error', () => undefined);
  const logger = new Logger(() => () => undefined);
  const done = Promise.withResolvers?.() ?? withResolvers();
  const runner = await runWorker({
    pgPool,
    logger,
    noHandleSignals: true,
    // Longer than this takes: only a notification can be why the job is found.
    pollInterval: 60_000,
    concurrency: 2,
    taskList: {greet: async (payload) => done.resolve(payload)},
  });
  await quickAddJob({pgPool, logger}, 'greet', {name: 'Ada'});
  assert.deepEqual(await done.promise, {name: 'Ada'});
  await runner.stop();
  await pgPool.end();
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, {resolve, reject}));
  return parts;
}
