import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {parseLockFile} from './lock-file';

const READY =
  '4711\n/tmp/x/data\n1764000000\n5432\n/tmp/x\n127.0.0.1\n  1234567     98304\nready   \n';

test('says who the server is, its shared memory and how far it has come', () => {
  assert.deepEqual(parseLockFile(READY), {
    processId: 4711,
    sharedMemoryId: 98_304,
    status: 'ready',
  });
});

test('a file that is only half written is no state that could be mistaken for ready', () => {
  for (let length = 0; length < READY.indexOf('ready') + 'ready'.length; length++) {
    assert.notEqual(parseLockFile(READY.slice(0, length))?.status, 'ready');
  }
});

test('anything else is read without an error', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseLockFile(text)));
  assert.equal(parseLockFile('-3\n'), undefined);
});
