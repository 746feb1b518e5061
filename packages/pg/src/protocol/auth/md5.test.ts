import assert from 'node:assert/strict';
import {test} from 'node:test';

import {md5hex} from '../testing/node-crypto';
import {md5Password} from './md5';

test('the response is the hash of the stored hash and the salt', () => {
  // Computed with Python's hashlib.
  const expected = 'md54376eb6913b38f9aaff38dc7cf19ca76';
  assert.equal(md5Password('user', 'pencil', Buffer.from([1, 2, 3, 4]), md5hex), expected);
});
