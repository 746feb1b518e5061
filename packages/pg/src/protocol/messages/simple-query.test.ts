import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteWriter} from '../bytes/byte-writer';
import {checkMessage} from '../testing/check-message';
import {readEmptyBody} from './result';
import {readQuery, writeQuery, writeTerminate} from './simple-query';

test('Query', () => {
  checkMessage({
    write: (w) => writeQuery(w, "SELECT 'ß'; SELECT 2"),
    read: readQuery,
    expected: "SELECT 'ß'; SELECT 2",
  });
});

test('a query with NUL is refused with nothing written, and the next one is fine', () => {
  const w = new ByteWriter();
  assert.throws(() => writeQuery(w, 'SELECT 1;\0DROP'), {code: 'PG_PARAMETER_INVALID'});
  assert.equal(w.pendingBytes, 0);
  writeQuery(w, 'SELECT 1');
  assert.equal(w.take().toString('latin1'), 'Q\0\0\0\x0dSELECT 1\0');
});

test('Terminate', () => {
  checkMessage({
    write: writeTerminate,
    read: (r) => readEmptyBody(r, 'Terminate'),
    expected: undefined,
  });
});
