import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {checkMessage} from '../testing/check-message';
import {
  readAuthentication,
  readPassword,
  readSASLInitialResponse,
  readSASLResponse,
  writeAuthentication,
  writePassword,
  writeSASLInitialResponse,
  writeSASLResponse,
} from './authentication';
import type {Authentication} from './authentication';

const closedRequests: readonly Authentication[] = [
  {kind: 'ok'},
  {kind: 'cleartext'},
  {kind: 'md5', salt: Buffer.from([1, 2, 3, 4])},
  {kind: 'sasl', mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256']},
  {kind: 'sasl', mechanisms: []},
];

for (const expected of closedRequests) {
  test(`Authentication: ${JSON.stringify(expected)}`, () => {
    checkMessage({
      write: (w) => writeAuthentication(w, expected),
      read: readAuthentication,
      expected,
    });
  });
}

for (const kind of ['saslContinue', 'saslFinal'] as const) {
  test(`Authentication: ${kind}, whose data goes to the end`, () => {
    const expected = {kind, data: Buffer.from('v=abc')};
    checkMessage({
      write: (w) => writeAuthentication(w, expected),
      read: readAuthentication,
      expected,
      isOpenEnded: true,
    });
  });
}

test('a request that this client does not speak has a name for the error', () => {
  for (const [code, name] of [
    [7, 'GSSAPI'],
    [9, 'SSPI'],
    [99, 'request 99'],
    [-1, 'request -1'],
  ] as const) {
    const body = Buffer.alloc(10);
    body.writeInt32BE(code);
    assert.deepEqual(readAuthentication(new ByteReader().reset(body, 0, 10)), {
      kind: 'unsupported',
      name,
    });
  }
});

test('salts and data outlive the frame they came in', () => {
  const body = Buffer.from([0, 0, 0, 5, 1, 2, 3, 4]);
  const request = readAuthentication(new ByteReader().reset(body, 0, 8));
  body.fill(0);
  assert.deepEqual(request, {kind: 'md5', salt: Buffer.from([1, 2, 3, 4])});
});

test('PasswordMessage', () => {
  checkMessage({
    write: (w) => writePassword(w, 'pässword'),
    read: readPassword,
    expected: 'pässword',
  });
});

test('a password with NUL is refused, and not shown', () => {
  const w = new ByteWriter();
  assert.throws(
    () => writePassword(w, 'hunter2\0'),
    (error) => error instanceof Error && !error.message.includes('hunter2'),
  );
  assert.equal(w.pendingBytes, 0);
});

test('SASLInitialResponse and SASLResponse', () => {
  checkMessage({
    write: (w) => writeSASLInitialResponse(w, 'SCRAM-SHA-256', Buffer.from('n,,n=,r=x')),
    read: readSASLInitialResponse,
    expected: {mechanism: 'SCRAM-SHA-256', data: Buffer.from('n,,n=,r=x')},
  });
  checkMessage({
    write: (w) => writeSASLResponse(w, Buffer.from('c=biws')),
    read: readSASLResponse,
    expected: Buffer.from('c=biws'),
    isOpenEnded: true,
  });
});
