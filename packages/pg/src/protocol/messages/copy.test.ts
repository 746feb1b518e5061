import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {checkMessage} from '../testing/check-message';
import {
  readCopyData,
  readCopyFail,
  readCopyResponse,
  writeCopyData,
  writeCopyDone,
  writeCopyFail,
  writeCopyResponse,
} from './copy';
import {readEmptyBody} from './result';
import {BackendTag} from './tags';

test('CopyInResponse, CopyOutResponse, CopyBothResponse', () => {
  for (const tag of [
    BackendTag.CopyInResponse,
    BackendTag.CopyOutResponse,
    BackendTag.CopyBothResponse,
  ]) {
    const expected = {format: 1, columnFormats: [1, 1, 0]};
    checkMessage({
      write: (w) => writeCopyResponse(w, tag, expected),
      read: readCopyResponse,
      expected,
    });
  }
});

test('a COPY format, or a count of columns, that cannot be is refused', () => {
  for (const hex of ['020000', '0000010002', '00ffff0000']) {
    const body = Buffer.from(hex, 'hex');
    assert.throws(() => readCopyResponse(new ByteReader().reset(body, 0, body.length)), {
      code: 'PG_PROTOCOL_VIOLATION',
    });
  }
});

test('CopyData, whose data goes to the end', () => {
  checkMessage({
    write: (w) => writeCopyData(w, Buffer.from('1\tx\n')),
    read: readCopyData,
    expected: Buffer.from('1\tx\n'),
    isOpenEnded: true,
  });
});

test('CopyDone and CopyFail', () => {
  checkMessage({
    write: writeCopyDone,
    read: (r) => readEmptyBody(r, 'CopyDone'),
    expected: undefined,
  });
  checkMessage({
    write: (w) => writeCopyFail(w, 'the source failed'),
    read: readCopyFail,
    expected: 'the source failed',
  });
});
