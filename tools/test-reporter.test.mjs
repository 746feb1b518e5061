import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const reporter = fileURLToPath(new URL('test-reporter.mjs', import.meta.url));

/** Runs a file of tests of its own; `text` has `test` and `describe`. */
function report(text) {
  const folder = mkdtempSync(join(tmpdir(), 'reporter-'));
  try {
    const file = join(folder, 'sample.test.cjs');
    const counts = join(folder, 'counts.json');
    writeFileSync(file, `const {test, describe, before, after} = require('node:test');\n${text}`);
    // Inside a test, node --test would think it is part of this run.
    const {NODE_TEST_CONTEXT: _, ...env} = process.env;
    const flags = [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout'];
    const {stdout} = spawnSync(process.execPath, ['--test', ...flags, file], {
      encoding: 'utf8',
      env: {...env, TEST_COUNTS_FILE: counts},
    });
    return {counts: JSON.parse(readFileSync(counts, 'utf8')), stdout};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

test('tests are counted, suites are not', () => {
  const {counts, stdout} = report(`
    test('a', () => {});
    describe('suite', () => { test('b', () => {}); test('c', {skip: true}, () => {}); });
    test('later', {todo: true}, () => { throw new Error('not yet'); });
  `);
  assert.deepEqual(counts, {passed: 2, failed: 0, skipped: 2});
  assert.equal(stdout, '');
});

test('a failure is shown with its place and its error, once', () => {
  const {counts, stdout} = report(`
    describe('suite', () => { test('breaks', () => { throw new Error('what broke'); }); });
  `);
  assert.deepEqual(counts, {passed: 0, failed: 1, skipped: 0});
  assert.match(stdout, /FAILED breaks \(.*sample\.test\.cjs:3\)\n\s+Error: what broke/);
  assert.equal(stdout.split('FAILED').length, 2);
});

for (const [name, text] of [
  ['an error while loading', `throw new Error('at load');`],
  ['a process that ends too early', `test('a', () => process.exit(0)); test('b', () => {});`],
  ['an error after the tests', `test('a', () => {}); after(() => { throw new Error('x'); });`],
  [
    'a hook that fails',
    `describe('s', () => { before(() => { throw 1; }); test('a', () => {}); });`,
  ],
  ['a file without tests', ``],
]) {
  test(`${name} is a failure`, () => {
    const {counts, stdout} = report(text);
    assert.notEqual(counts.failed, 0);
    assert.match(stdout, /FAILED/);
  });
}
