import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ADVERSITY_VERSIONS, VERSIONS, readTestOptions} from './test-options.mjs';

const nothing = {
  check: false,
  unit: false,
  versions: [],
  adversityVersions: [],
  packaging: false,
  patterns: [],
};
const all = {
  unit: true,
  versions: VERSIONS,
  adversityVersions: ADVERSITY_VERSIONS,
  packaging: true,
};

describe('npm test', () => {
  const cases = {
    '': {check: true, ...all},
    '--unit': {unit: true},
    '--integration': {versions: ['18']},
    '--version 15': {versions: ['15']},
    '--integration --version 15 --version 14': {versions: ['15', '14']},
    '--packaging': {packaging: true},
    '--adversity': {adversityVersions: ['18']},
    '--adversity --version 15': {adversityVersions: ['15']},
    pool: {...all, patterns: ['pool']},
    '--unit pool': {unit: true, patterns: ['pool']},
  };
  for (const [line, expected] of Object.entries(cases)) {
    test(`-- ${line}`, () => {
      const argv = line.split(' ').filter((word) => word !== '');
      assert.deepEqual(readTestOptions(argv), {...nothing, ...expected});
    });
  }

  test('refuses a version that is not supported, and flags it does not know', () => {
    assert.throws(() => readTestOptions(['--version', '13']), /--version 13: the versions are 18/);
    assert.throws(() => readTestOptions(['--unti']), /--unti/);
  });
});
