import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fingerprintOf} from './fingerprint';

test('a file that is added, written, renamed or removed changes the fingerprint, and nothing else does', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  t.after(() => {
    rmSync(folder, {recursive: true});
  });
  const paths = [join(folder, 'src'), join(folder, 'package.json')];
  const inside = join(folder, 'src', 'deep');
  mkdirSync(inside, {recursive: true});
  const changes = [
    () => writeFileSync(join(folder, 'package.json'), '{}'),
    () => writeFileSync(join(inside, 'a.ts'), 'a'),
    () => writeFileSync(join(inside, 'a.ts'), 'longer'),
    () => renameSync(join(inside, 'a.ts'), join(inside, 'b.ts')),
    () => rmSync(join(inside, 'b.ts')),
  ];
  const seen = new Set([fingerprintOf(paths)]);
  for (const change of changes) {
    const before = fingerprintOf(paths);
    change();
    const after = fingerprintOf(paths);
    assert.notEqual(after, before);
    assert.equal(fingerprintOf(paths), after);
    seen.add(after);
  }
  writeFileSync(join(folder, 'other'), '');
  assert.ok(seen.has(fingerprintOf(paths)));
});
