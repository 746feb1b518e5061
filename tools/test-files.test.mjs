import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {root} from './commands.mjs';
import {builtFile, findTests} from './test-files.mjs';

describe('a test runs where tsc -b puts it', () => {
  for (const [source, built] of [
    ['packages/pg/src/pool/pool.test.ts', 'packages/pg/dist/pool/pool.test.js'],
    ['packages/sql/src/index.test.mts', 'packages/sql/dist/index.test.mjs'],
    ['test/packaging/import.test.ts', 'test/dist/packaging/import.test.js'],
    ['tools/test-files.test.mjs', 'tools/test-files.test.mjs'],
  ]) {
    test(source, () => assert.equal(builtFile(source), built));
  }
});

test('every test file of the project has one kind', () => {
  const {unit, integration, everyVersion, adversity, packaging} = findTests(root);
  assert.ok(unit.includes('tools/test-files.test.mjs'));
  assert.ok(unit.includes('packages/sql/src/index.test.mts'));
  assert.ok(integration.includes('test/query.test.ts'));
  assert.ok(adversity.includes('test/adversity/rig/rig.test.ts'));
  assert.ok(everyVersion.includes('test/query.test.ts'));
  assert.ok(!everyVersion.includes('test/guide.test.ts'));
  const all = [...unit, ...integration, ...adversity, ...packaging];
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(
    all.filter((path) => /(^|\/)(dist|node_modules)\/|\.support\./.test(path)),
    [],
  );
});
