/* attachDatabasePool of @vercel/functions, as it is published, with our pool: in a program that a platform freezes. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {readBlocks} from '../support/guide-blocks';
import {useServer} from '../support/server';
import {root, run} from './support/command';
import {useConsumer} from './support/consumer';

const postgres = useServer();
const program = useConsumer(
  ['sql', 'pg'],
  ['@vercel/functions@3.9.9', 'typescript@5.9.3', '@types/node@20.19.43'],
);

const page = readFileSync(join(root, 'docs/guide/serverless.md'), 'utf8');
const block = readBlocks('serverless.md', page).find(
  ({options}) => options.file === 'vercel/database.ts',
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
const {request} = require('./platform.cjs');
const {default: db, sql} = require('./database.js');

const warnings = [];
console.warn = (text) => warnings.push(text);

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

test("the guide's file keeps an instance alive until the pool has closed what is idle", async () => {
  assert.ok(block);
  // A reader waits longer than a test does.
  const code = block.code.replace('idleTimeoutMilliseconds: 5000', 'idleTimeoutMilliseconds: 300');
  assert.notEqual(code, block.code);
  program.write({'platform.cjs': PLATFORM, 'function.cjs': FUNCTION, 'database.ts': code});
  const flags = ['--strict', '--skipLibCheck', '--module', 'nodenext', '--types', 'node'];
  const tsc = join(program.folder, 'node_modules/typescript/bin/tsc');
  const compiled = await run(process.execPath, [tsc, ...flags, 'database.ts'], program.folder);
  assert.equal(compiled.code, 0, `its types take our pool: ${compiled.output}`);
  const {stdout, output} = await run(process.execPath, ['function.cjs'], program.folder, {
    DATABASE_URL: postgres.url,
  });
  assert.equal(stdout.trim(), 'ok', output);
});
