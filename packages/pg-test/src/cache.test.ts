import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {cacheEntry, cacheRoot} from './cache';

const root = mkdtempSync(path.join(tmpdir(), 'pg-test-cache-'));
after(() => rmSync(root, {recursive: true}));

test('callers that race for an entry all get the same whole one', async () => {
  let fills = 0;
  const fill = (folder: string) => {
    fills++;
    writeFileSync(path.join(folder, 'a'), String(fills));
    return Promise.resolve();
  };
  const folders = await Promise.all([1, 2, 3].map(() => cacheEntry(root, 'x/entry', fill)));
  assert.equal(new Set(folders).size, 1);
  assert.deepEqual(readdirSync(path.join(root, 'x')), ['entry']);
  const content = readFileSync(path.join(root, 'x/entry/a'), 'utf8');
  const before = fills;
  await cacheEntry(root, 'x/entry', fill);
  assert.equal(fills, before, 'an entry that is there is not made again');
  assert.equal(readFileSync(path.join(root, 'x/entry/a'), 'utf8'), content);
});

test('a failed fill leaves nothing behind', async () => {
  const failure = new Error('no network');
  await assert.rejects(
    cacheEntry(root, 'y/entry', () => Promise.reject(failure)),
    failure,
  );
  assert.deepEqual(readdirSync(path.join(root, 'y')), []);
});

test('PG_TEST_CACHE chooses the folder', () => {
  assert.equal(cacheRoot({PG_TEST_CACHE: '/somewhere'}), '/somewhere');
});
