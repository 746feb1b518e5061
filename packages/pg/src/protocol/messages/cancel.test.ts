import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {bodyOf, checkMessage} from '../testing/check-message';
import {readStartupPacket} from '../testing/frontend-message';
import {
  readBackendKeyData,
  readCancelRequest,
  writeBackendKeyData,
  writeCancelRequest,
} from './cancel';

test('BackendKeyData and CancelRequest carry the key of protocol 3.0', () => {
  const expected = {processId: 0xfffffff0, secretKey: Buffer.from([1, 2, 3, 4])};
  const {processId, secretKey} = expected;
  const body = bodyOf((w) => writeBackendKeyData(w, processId, secretKey));
  assert.deepEqual(readBackendKeyData(new ByteReader().reset(body, 0, body.length)), expected);
  const request = bodyOf((w) => writeCancelRequest(w, processId, secretKey), 4);
  assert.deepEqual(readStartupPacket(new ByteReader().reset(request, 0, request.length)), {
    kind: 'CancelRequest',
    ...expected,
  });
});

test('BackendKeyData and CancelRequest carry a key of 256 bytes, and no longer one', () => {
  const expected = {processId: 7, secretKey: Buffer.alloc(256, 9)};
  const write = (w: ByteWriter): void => writeBackendKeyData(w, 7, expected.secretKey);
  // Of such a key, every length from 4 on would be one, so that only shorter cuts can be told.
  const body = Buffer.concat([bodyOf(write), Buffer.from([0])]);
  assert.deepEqual(readBackendKeyData(new ByteReader().reset(body, 0, 260)), expected);
  for (const end of [261, 7, 6, 5, 4, 3, 0]) {
    for (const read of [readBackendKeyData, readCancelRequest]) {
      assert.throws(() => read(new ByteReader().reset(body, 0, end)), {
        code: 'PG_PROTOCOL_VIOLATION',
      });
    }
  }
});

test('the key outlives the frame it came in', () => {
  const body = Buffer.from([0, 0, 0, 1, 5, 6, 7, 8]);
  const {secretKey} = readBackendKeyData(new ByteReader().reset(body, 0, 8));
  body.fill(0);
  assert.deepEqual([...secretKey], [5, 6, 7, 8]);
});

test('a key of another length is not sent', () => {
  const w = new ByteWriter();
  for (const length of [0, 3, 257]) {
    assert.throws(() => writeCancelRequest(w, 1, new Uint8Array(length)), {
      code: 'PG_PARAMETER_INVALID',
    });
  }
  assert.equal(w.pendingBytes, 0);
});

test('a key of 4 bytes is 4 bytes on the wire, behind the code of a CancelRequest', () => {
  const w = new ByteWriter();
  writeCancelRequest(w, 258, Buffer.from([1, 2, 3, 4]));
  assert.equal(w.take().toString('hex'), '0000001004d2162e0000010201020304');
  checkMessage({
    write: (writer) => writeCancelRequest(writer, 1, Buffer.alloc(256)),
    read: readCancelRequest,
    expected: {processId: 1, secretKey: Buffer.alloc(256)},
    headerBytes: 8,
    isOpenEnded: true,
  });
});
