import assert from 'node:assert/strict';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {removeStaleOutput, sourceOf} from './stale-output.mjs';

for (const [output, source] of [
  ['pool.js', 'pool.ts'],
  ['pool.d.ts', 'pool.ts'],
  ['pool.test.js.map', 'pool.test.ts'],
  ['pool.d.ts.map', 'pool.ts'],
  ['index.mjs', 'index.mts'],
  ['index.d.mts', 'index.mts'],
  ['tsconfig.tsbuildinfo', undefined],
]) {
  test(`${output} is made from ${source}`, () => assert.equal(sourceOf(output), source));
}

test('what has no source any more goes, with the folders it leaves empty', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'stale-'));
  t.after(() => rmSync(root, {recursive: true}));
  const write = (path) => {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), '');
  };
  const kept = ['src/a.ts', 'dist/a.js', 'dist/a.d.ts.map', 'dist/x.tsbuildinfo'];
  for (const path of [...kept, 'dist/b.js', 'dist/old/c.d.ts']) write(path);
  const removed = removeStaleOutput(join(root, 'src'), join(root, 'dist'));
  assert.deepEqual(removed, [join(root, 'dist/b.js'), join(root, 'dist/old/c.d.ts')]);
  for (const path of kept) assert.ok(existsSync(join(root, path)), path);
  assert.ok(!existsSync(join(root, 'dist/old')));
});
