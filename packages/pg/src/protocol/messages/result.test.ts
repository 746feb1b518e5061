import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {checkMessage} from '../testing/check-message';
import {
  readCommandComplete,
  readDataRow,
  readReadyForQuery,
  readRowDescription,
  writeCommandComplete,
  writeDataRow,
  writeReadyForQuery,
  writeRowDescription,
} from './result';
import type {Column} from './result';

const columns: readonly Column[] = [
  {
    name: 'id',
    tableOid: 4_000_000_000,
    columnNumber: 1,
    typeOid: 23,
    typeSize: 4,
    typeModifier: -1,
    format: 1,
  },
  {
    name: '__proto__',
    tableOid: 0,
    columnNumber: -3,
    typeOid: 25,
    typeSize: -1,
    typeModifier: 12,
    format: 0,
  },
];

function readerOf(bytes: readonly number[]): ByteReader {
  return new ByteReader().reset(Buffer.from(bytes), 0, bytes.length);
}

test('RowDescription', () => {
  checkMessage({
    write: (w) => writeRowDescription(w, columns),
    read: readRowDescription,
    expected: [...columns],
  });
  checkMessage({
    write: (w) => writeRowDescription(w, []),
    read: readRowDescription,
    expected: [],
  });
});

test('DataRow: NULL, empty, text and bytes', () => {
  checkMessage({
    write: (w) => writeDataRow(w, [null, '', 'é', Buffer.from([0, 255])]),
    read: (r) => readDataRow(r),
    expected: [null, Buffer.alloc(0), Buffer.from('é'), Buffer.from([0, 255])],
  });
});

test('CommandComplete', () => {
  checkMessage({
    write: (w) => writeCommandComplete(w, 'INSERT 0 12'),
    read: readCommandComplete,
    expected: 'INSERT 0 12',
  });
});

test('ReadyForQuery', () => {
  for (const status of ['I', 'T', 'E'] as const) {
    checkMessage({
      write: (w) => writeReadyForQuery(w, status),
      read: readReadyForQuery,
      expected: status,
    });
  }
});

// The numbers are those of the table of hostile inputs (reliability.md, C2).
test('7, 8: a count of columns that cannot be in the frame is refused before the list is made', () => {
  const one = [0x78, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 0];
  assert.throws(
    () => readRowDescription(readerOf([0xff, 0xff, ...one])),
    /RowDescription: it announces 65535 columns, which takes 1245165 bytes or more, and 20 are left/,
  );
  assert.throws(() => readDataRow(readerOf([0xff, 0xff, 0, 0, 0, 0])), /announces 65535 columns/);
});

test('9: a name that is not terminated is refused', () => {
  const body = [0, 1, ...Buffer.alloc(40, 'x')];
  assert.throws(() => readRowDescription(readerOf(body)), /a string of it is not terminated/);
});

test('10, 11: a row with more or fewer columns than described is refused', () => {
  const body = [0, 1, 255, 255, 255, 255];
  assert.throws(() => readDataRow(readerOf(body), 0), /1 columns and its RowDescription has 0/);
  assert.throws(() => readDataRow(readerOf(body), 2), /1 columns and its RowDescription has 2/);
});

test('12, 13: a value longer than its frame, or of a negative length, is refused', () => {
  assert.throws(() => readDataRow(readerOf([0, 1, 0, 0, 0, 9, 1])), /9 more bytes and 1 are left/);
  assert.throws(() => readDataRow(readerOf([0, 1, 255, 255, 255, 254])), /-2 as a length/);
});

test('17: a transaction status that there is not is refused', () => {
  for (const body of [[0x58], [], [0xff], [0x49, 0x49]]) {
    assert.throws(() => readReadyForQuery(readerOf(body)), {code: 'PG_PROTOCOL_VIOLATION'});
  }
});

test('a format that there is not is refused', () => {
  const body = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 2];
  assert.throws(() => readRowDescription(readerOf(body)), /format code 2/);
});
