import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {missingPackages} from './missing-packages';

test('a package that is missing, broken or of another version is noticed, also below another one', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  t.after(() => {
    rmSync(folder, {recursive: true});
  });
  const install = (path: string, manifest: string) => {
    mkdirSync(join(folder, path), {recursive: true});
    writeFileSync(join(folder, path, 'package.json'), manifest);
  };
  const packages = {
    '': {},
    'node_modules/peer-pg': {version: '8.0.0'},
    'node_modules/peer-pg/node_modules/pg-types': {version: '2.2.0'},
    'node_modules/@oven/bun-other-machine': {version: '1.0.0', optional: true},
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({packages}));
  const peer = 'node_modules/peer-pg';
  const below = 'node_modules/peer-pg/node_modules/pg-types';
  assert.deepEqual(missingPackages(folder), [peer, below]);
  install(peer, '{"version": "8.0.0"}');
  assert.deepEqual(missingPackages(folder), [below]);
  install(below, '{"version": "2.1.0"}');
  assert.deepEqual(missingPackages(folder), [below]);
  install(below, '{"version": "2.2.0"}');
  assert.deepEqual(missingPackages(folder), []);
  install(peer, '{"version": "8.');
  assert.deepEqual(missingPackages(folder), [peer]);
});
