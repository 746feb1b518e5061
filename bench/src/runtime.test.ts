import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {bunExecutable} from './runtime';

test('Bun is the executable of the one package for this machine that npm installed', (t) => {
  const modules = mkdtempSync(join(tmpdir(), 'bench-'));
  t.after(() => {
    rmSync(modules, {recursive: true});
  });
  assert.throws(() => bunExecutable(modules), /no Bun for .*--peers/);

  const folder = join(modules, '@oven', 'bun-some-machine', 'bin');
  mkdirSync(folder, {recursive: true});
  assert.throws(() => bunExecutable(modules), /no Bun for .*--peers/);
  writeFileSync(join(folder, 'bun'), '');
  assert.equal(bunExecutable(modules), join(folder, 'bun'));
});
