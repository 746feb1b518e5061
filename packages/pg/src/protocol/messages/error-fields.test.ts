import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {checkMessage} from '../testing/check-message';
import {readErrorFields, writeErrorResponse, writeNoticeResponse} from './error-fields';
import type {DatabaseErrorFields} from '../../errors';

const all: DatabaseErrorFields = {
  severity: 'FEHLER',
  severityNonLocalized: 'ERROR',
  code: '23505',
  message: 'doppelter Schlüsselwert',
  detail: 'Key (id)=(1) already exists.',
  hint: 'h',
  position: '15',
  internalPosition: '3',
  internalQuery: 'SELECT 1',
  where: 'PL/pgSQL function f()',
  schema: 'public',
  table: 't',
  column: 'id',
  dataType: 'int4',
  constraint: 't_pkey',
  file: 'nbtinsert.c',
  line: '563',
  routine: '_bt_check_unique',
};

function read(text: string): DatabaseErrorFields {
  const body = Buffer.from(text, 'latin1');
  return readErrorFields(new ByteReader().reset(body, 0, body.length));
}

test('ErrorResponse with all 18 fields', () => {
  checkMessage({
    write: (w) => writeErrorResponse(w, all),
    read: (r) => readErrorFields(r),
    expected: all,
  });
});

test('NoticeResponse with the message only', () => {
  checkMessage({
    write: (w) => writeNoticeResponse(w, {message: 'table does not exist, skipping'}),
    read: (r) => readErrorFields(r, 'NoticeResponse'),
    expected: {message: 'table does not exist, skipping'},
  });
});

test('the letters are those of the protocol chapter; unknown ones are passed over', () => {
  const letters =
    'Sa\0Vb\0Cc\0Md\0De\0Hf\0Pg\0ph\0qi\0Wj\0sk\0tl\0cm\0dn\0no\0Fp\0Lq\0Rr\0Zz\0\xffz\0\0';
  assert.deepEqual(new Set(Object.values(read(letters))), new Set('abcdefghijklmnopqr'));
  assert.equal(read('Csome\0Mtext\0\0').code, 'some');
  assert.equal(read('nc\0dt\0\0').constraint, 'c');
});

test('an error without a message has one that says so', () => {
  assert.deepEqual(read('C42601\0\0'), {code: '42601', message: '(the server gave no message)'});
});

test('21: a list, or a field, that is not terminated is refused', () => {
  for (const text of ['', 'M', 'Mno end', 'Mno list end\0', `M${'x'.repeat(40_000)}`]) {
    assert.throws(
      () => read(text),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        error.code === 'PG_PROTOCOL_VIOLATION' &&
        error.message.length < 300,
    );
  }
});
