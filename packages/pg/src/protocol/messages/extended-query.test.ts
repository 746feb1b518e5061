import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {bodyOf, checkMessage} from '../testing/check-message';
import {
  readClose,
  readDescribe,
  readExecute,
  readParameterDescription,
  readParse,
  writeClosePortal,
  writeCloseStatement,
  writeDescribePortal,
  writeDescribeStatement,
  writeExecute,
  writeFlush,
  writeParameterDescription,
  writeParse,
  writeSync,
} from './extended-query';
import {readEmptyBody, writeEmptyBody} from './result';
import {BackendTag} from './tags';

test('Parse', () => {
  checkMessage({
    write: (w) => writeParse(w, 's1', 'SELECT $1, $2', [23, 0xffffffff]),
    read: readParse,
    expected: {statement: 's1', text: 'SELECT $1, $2', typeOids: [23, 0xffffffff]},
  });
});

test('Describe and Close, of statements and portals', () => {
  checkMessage({
    write: (w) => writeDescribeStatement(w, 's1'),
    read: readDescribe,
    expected: {kind: 'statement', name: 's1'},
  });
  checkMessage({
    write: (w) => writeDescribePortal(w, ''),
    read: readDescribe,
    expected: {kind: 'portal', name: ''},
  });
  checkMessage({
    write: (w) => writeCloseStatement(w, 's1'),
    read: readClose,
    expected: {kind: 'statement', name: 's1'},
  });
  checkMessage({
    write: (w) => writeClosePortal(w, 'p1'),
    read: readClose,
    expected: {kind: 'portal', name: 'p1'},
  });
});

test('Execute', () => {
  checkMessage({
    write: (w) => writeExecute(w, 'p1', 50),
    read: readExecute,
    expected: {portal: 'p1', maxRows: 50},
  });
});

test('Sync, Flush, and the answers without a body', () => {
  const writes = [
    writeSync,
    writeFlush,
    (w: ByteWriter) => writeEmptyBody(w, BackendTag.ParseComplete),
    (w: ByteWriter) => writeEmptyBody(w, BackendTag.NoData),
  ];
  for (const write of writes) {
    checkMessage({write, read: (r) => readEmptyBody(r, 'Sync'), expected: undefined});
  }
});

test('ParameterDescription', () => {
  checkMessage({
    write: (w) => writeParameterDescription(w, [25, 1_000_000, 4_000_000_000]),
    read: readParameterDescription,
    expected: [25, 1_000_000, 4_000_000_000],
  });
});

test('a count of OIDs that cannot be in the frame is refused before the list is made', () => {
  const body = Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(8)]);
  assert.throws(
    () => readParameterDescription(new ByteReader().reset(body, 0, body.length)),
    /Malformed ParameterDescription: it announces 65535 type OIDs/,
  );
});

test('65,535 parameter types are written, 65,536 refused with nothing written', () => {
  assert.equal(
    bodyOf((w) =>
      writeParse(
        w,
        '',
        '',
        Array.from({length: 65_535}, () => 23),
      ),
    ).length,
    4 + 65_535 * 4,
  );
  const w = new ByteWriter();
  assert.throws(
    () =>
      writeParse(
        w,
        '',
        '',
        Array.from({length: 65_536}, () => 23),
      ),
    {
      code: 'PG_PARAMETER_INVALID',
      message: /65536 parameters; the protocol allows 65535/,
    },
  );
  assert.equal(w.pendingBytes, 0);
});

test('NUL in the name of a statement or portal is refused and leaves nothing of its frame', () => {
  for (const write of [
    (w: ByteWriter) => writeParse(w, 's\0', 'SELECT 1', []),
    (w: ByteWriter) => writeParse(w, 's', 'SELECT 1\0', []),
    (w: ByteWriter) => writeExecute(w, 'p\0', 0),
    (w: ByteWriter) => writeCloseStatement(w, 's\0'),
  ]) {
    const writer = new ByteWriter();
    assert.throws(() => write(writer), {name: 'ValueError', code: 'PG_PARAMETER_INVALID'});
    assert.equal(writer.pendingBytes, 0);
  }
});
