import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {checkMessage} from '../testing/check-message';
import {readStartupPacket} from '../testing/frontend-message';
import {
  PROTOCOL_3_0,
  PROTOCOL_3_2,
  readNegotiateProtocolVersion,
  writeGSSENCRequest,
  writeNegotiateProtocolVersion,
  writeSSLRequest,
  writeStartup,
} from './startup';

test('StartupMessage, its parameters as a record or as pairs', () => {
  const expected = {
    kind: 'StartupMessage',
    protocolVersion: PROTOCOL_3_2,
    parameters: [
      ['user', 'élise'],
      ['database', ''],
    ],
  };
  for (const parameters of [
    {user: 'élise', database: ''},
    [
      ['user', 'élise'],
      ['database', ''],
    ] as const,
  ]) {
    checkMessage<unknown>({
      write: (w) => writeStartup(w, {protocolVersion: PROTOCOL_3_2, parameters}),
      read: readStartupPacket,
      expected,
      headerBytes: 4,
    });
  }
});

test('SSLRequest and GSSENCRequest are the eight bytes of the protocol chapter', () => {
  const w = new ByteWriter();
  writeSSLRequest(w);
  writeGSSENCRequest(w);
  assert.equal(w.take().toString('hex'), '0000000804d2162f0000000804d21630');
  checkMessage<unknown>({
    write: writeSSLRequest,
    read: readStartupPacket,
    expected: {kind: 'SSLRequest'},
    headerBytes: 4,
  });
});

test('a startup parameter cannot smuggle in another one', () => {
  const w = new ByteWriter();
  for (const parameters of [
    {user: 'x\0search_path\0evil'},
    {'user\0x': 'y'},
    [['', 'x']] as const,
  ]) {
    assert.throws(() => writeStartup(w, {protocolVersion: PROTOCOL_3_0, parameters}), {
      code: 'PG_PARAMETER_INVALID',
    });
    assert.equal(w.pendingBytes, 0);
  }
});

test('more than Postgres reads at start-up is refused, with the figures', () => {
  const w = new ByteWriter();
  const parameters = {user: 'x', options: 'y'.repeat(10_000)};
  assert.throws(() => writeStartup(w, {protocolVersion: PROTOCOL_3_0, parameters}), {
    message: /take 10025 bytes; Postgres accepts 10000/,
  });
  assert.equal(w.pendingBytes, 0);
});

test('NegotiateProtocolVersion', () => {
  checkMessage({
    write: (w) =>
      writeNegotiateProtocolVersion(w, {
        newestVersion: PROTOCOL_3_0,
        unrecognizedOptions: ['_pq_.a', '_pq_.b'],
      }),
    read: readNegotiateProtocolVersion,
    expected: {newestVersion: PROTOCOL_3_0, unrecognizedOptions: ['_pq_.a', '_pq_.b']},
  });
});

test('NegotiateProtocolVersion with a minor version only means one of 3', () => {
  const body = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]);
  const read = readNegotiateProtocolVersion(new ByteReader().reset(body, 0, 8));
  assert.equal(read.newestVersion, PROTOCOL_3_2);
});

test('NegotiateProtocolVersion with a count that cannot be is refused', () => {
  for (const count of ['7fffffff', 'ffffffff']) {
    const body = Buffer.from(`00030000${count}00`, 'hex');
    assert.throws(() => readNegotiateProtocolVersion(new ByteReader().reset(body, 0, 9)), {
      code: 'PG_PROTOCOL_VIOLATION',
    });
  }
});
