import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {bodyOf, checkMessage} from '../testing/check-message';
import {readBind, writeBind} from './bind';
import type {BindParameter} from './bind';

function formatsFor(parameters: readonly BindParameter[]): readonly number[] {
  const body = bodyOf((w) => writeBind(w, '', '', parameters, []));
  return readBind(new ByteReader().reset(body, 0, body.length)).parameterFormats;
}

test('Bind', () => {
  checkMessage({
    write: (w) => writeBind(w, 'p1', 's1', ['é', null, Buffer.from([0, 1]), ''], [1, 0]),
    read: readBind,
    expected: {
      portal: 'p1',
      statement: 's1',
      parameterFormats: [0, 0, 1, 0],
      parameters: [Buffer.from('é'), null, Buffer.from([0, 1]), Buffer.alloc(0)],
      resultFormats: [1, 0],
    },
  });
});

test('text is sent as text and bytes as binary, in as few format codes as say it', () => {
  assert.deepEqual(formatsFor([]), []);
  assert.deepEqual(formatsFor(['a', null, 'b']), []);
  assert.deepEqual(formatsFor([null]), []);
  assert.deepEqual(formatsFor([new Uint8Array(4), null]), [1]);
  assert.deepEqual(formatsFor([new Uint8Array(4), 'a', null]), [1, 0, 0]);
});

test('65,535 parameters are written, 65,536 refused with nothing written', () => {
  const most = Array.from({length: 65_535}, () => '1');
  const body = bodyOf((w) => writeBind(w, '', '', most, []));
  assert.equal(readBind(new ByteReader().reset(body, 0, body.length)).parameters.length, 65_535);
  const w = new ByteWriter();
  assert.throws(() => writeBind(w, '', '', [...most, '1'], []), {
    code: 'PG_PARAMETER_INVALID',
    message: /65536 parameters; the protocol allows 65535/,
  });
  assert.equal(w.pendingBytes, 0);
});

test('a parameter that cannot be sent is named, not shown, and nothing is written', () => {
  const w = new ByteWriter();
  assert.throws(
    () => writeBind(w, '', '', ['fine', Buffer.alloc(3), 'secret\0'], []),
    (error) =>
      error instanceof Error &&
      /^Parameter \$3: .*index 6/.test(error.message) &&
      !error.message.includes('secret'),
  );
  assert.throws(() => writeBind(w, '', 'a\0b', [], []), /NUL/);
  assert.throws(() => writeBind(w, '', '', [], [70_000]), /Int16/);
  assert.equal(w.pendingBytes, 0);
  writeBind(w, '', '', ['fine'], []);
  assert.ok(w.pendingBytes > 0);
});

test('lengths and formats that cannot be are refused', () => {
  const start = [0, 0, 0, 0];
  for (const bytes of [
    [...start, 0xff, 0xff],
    [...start, 0, 1, 0xff, 0xff, 0xff, 0xfe, 0, 0],
    [0, 0, 0, 1, 0, 2, 0, 0, 0, 0],
    [0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0],
  ]) {
    const body = Buffer.from(bytes);
    assert.throws(() => readBind(new ByteReader().reset(body, 0, body.length)), {
      code: 'PG_PROTOCOL_VIOLATION',
    });
  }
});
