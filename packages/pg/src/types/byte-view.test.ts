import assert from 'node:assert/strict';
import {test} from 'node:test';
import {viewOf} from './byte-view';

test('the view of a part of a buffer begins where the part does', () => {
  const bytes = Buffer.from([1, 2, 3, 4, 5, 6]);
  assert.equal(viewOf(bytes).getInt32(0), 0x01020304);
  assert.equal(viewOf(bytes.subarray(1)).getInt32(0), 0x02030405);
  assert.equal(viewOf(bytes.subarray(1, 4)).byteLength, 3);
  assert.equal(viewOf(bytes).getInt32(2), 0x03040506);
});

test('the view of one buffer is made once, that of large memory each time', () => {
  const small = Buffer.alloc(65_536);
  assert.equal(viewOf(small), viewOf(small));
  for (const large of [Buffer.alloc(262_145), Buffer.alloc(262_145).subarray(0, 10)]) {
    assert.notEqual(viewOf(large), viewOf(large));
    assert.equal(viewOf(large).byteLength, large.length);
  }
});
