import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {makeSymlinks, symlinksComplete} from './symlinks';

const root = mkdtempSync(path.join(tmpdir(), 'pg-test-links-'));
after(() => rmSync(root, {recursive: true}));

test('makes the links that the package lists, in a folder of any name, once and again', async () => {
  const native = path.join(root, 'any-name');
  mkdirSync(path.join(native, 'lib'), {recursive: true});
  writeFileSync(path.join(native, 'lib/libx.so.1.2'), 'content');
  const list = [{source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so'}];
  writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(list));
  assert.equal(await symlinksComplete(native), false);
  await makeSymlinks(native);
  await makeSymlinks(native);
  assert.equal(readFileSync(path.join(native, 'lib/libx.so'), 'utf8'), 'content');
  assert.equal(await symlinksComplete(native), true);
});

test('a list that points outside of the package is not followed', async () => {
  const native = path.join(root, 'evil/native');
  mkdirSync(native, {recursive: true});
  const list = [{source: 'native/x', target: 'native/../../outside'}];
  writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(list));
  await makeSymlinks(native);
  assert.deepEqual(readdirSync(root).includes('outside'), false);
});

test('a package without a list has no links', async () => {
  assert.equal(await symlinksComplete(root), true);
});
