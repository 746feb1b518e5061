/* attachDatabasePool of @vercel/functions, as it is published, with our pool: in a program that a platform freezes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {useServer} from '../support/server';
import {run} from './support/command';
import {useConsumer} from './support/consumer';

const postgres = useServer();
const program = useConsumer(
  ['sql', 'pg'],
  ['@vercel/functions@3.9.9', 'typescript@5.9.3', '@types/node@20.19.43'],
);

/** What Vercel puts around a function, as far as @vercel/functions looks for it. */
const PLATFORM = `
const {AsyncLocalStorage} = require('node:async_hooks');
process.env.VERCEL_URL = 'example.vercel.app';
process.env.VERCEL_REGION = 'fra1';
const requests = new AsyncLocalStorage();
globalThis[Symbol.for('@vercel/request-context')] = {get: () => requests.getStore()};
/** Gives the work that outlives the answer. */
async function request(name, handle) {
  const outliving = [];
  await requests.run({name, waitUntil: (work) => outliving.push(work)}, handle);
  return outliving;
}
module.exports = {request};
`;

const FUNCTION = `
const assert = require('node:assert/strict');
const {attachDatabasePool} = require('@vercel/functions');
const {request} = require('./platform.cjs');
const {shared, sql} = require('@databases/pg');

const warnings = [];
console.warn = (text) => warnings.push(text);

const db = shared('main', () => {
  const pool = require('@databases/pg')({connectionString: process.argv[2], idleTimeoutMilliseconds: 300});
  attachDatabasePool(pool);
  return pool;
});

async function main() {
  const first = await request('first', () => db.query(sql\`SELECT 1\`));
  assert.equal(first.length, 1, 'the instance is kept alive for the first request');
  const second = await request('second', () => db.tx((tx) => tx.query(sql\`SELECT 1\`)));
  assert.ok(second.length >= 1, 'and for the second, on a connection of the first');
  await Promise.all(first);
  assert.equal(db.stats().total, 1, 'what the first waited for is handed on to the second');
  await Promise.all(second);
  assert.equal(db.stats().total, 0, 'it may be frozen when no connection is left');
  assert.deepEqual(warnings, []);
  console.log('ok');
}
main();
`;

test('attachDatabasePool keeps an instance alive until the pool has closed what is idle', async () => {
  program.write({'platform.cjs': PLATFORM, 'function.cjs': FUNCTION});
  const {stdout, output} = await run(
    process.execPath,
    ['function.cjs', postgres.url],
    program.folder,
  );
  assert.equal(stdout.trim(), 'ok', output);
});

test('and its types take our pool', async () => {
  program.write({
    'typed.ts': `
      import createConnectionPool, {shared} from '@databases/pg';
      import {attachDatabasePool} from '@vercel/functions';
      attachDatabasePool(createConnectionPool());
      attachDatabasePool(shared('main'));
    `,
  });
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--types',
    'node',
  ];
  const {code, output} = await run(
    process.execPath,
    [`${program.folder}/node_modules/typescript/bin/tsc`, ...flags, 'typed.ts'],
    program.folder,
  );
  assert.equal(code, 0, output);
});
