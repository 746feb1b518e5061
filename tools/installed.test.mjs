import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isInstalled} from './installed.mjs';

const wanted = {
  '': {},
  'packages/pg': {version: '7.0.0'},
  'node_modules/a': {version: '1.0.0'},
  'node_modules/for-another-platform': {version: '1.0.0', optional: true},
};

test('the same versions need no npm install', () => {
  assert.equal(isInstalled(wanted, {'node_modules/a': {version: '1.0.0'}}), true);
});

test('another version does', () => {
  assert.equal(isInstalled(wanted, {'node_modules/a': {version: '1.0.1'}}), false);
});

test('a missing package does', () => {
  assert.equal(isInstalled(wanted, {}), false);
});
