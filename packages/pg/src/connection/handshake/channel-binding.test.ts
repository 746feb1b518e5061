import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {rememberServerEndPoint, tlsServerEndPoint} from './channel-binding';

const hash = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest();
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const contents = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, contents.length]), contents]);
};
const certificateSignedWith = (hex: string, ...parameters: Buffer[]) =>
  der(0x30, der(0x30), der(0x30, der(0x06, Buffer.from(hex, 'hex')), ...parameters));

const RSA_PSS = '2a864886f70d01010a';
const SHA_512 = der(0xa0, der(0x30, der(0x06, Buffer.from('608648016503040203', 'hex'))));

test('the certificate is hashed with what it is signed with, and with SHA-256 for less', () => {
  for (const [certificate, algorithm] of [
    [certificateSignedWith('2a864886f70d010104'), 'sha256'], // MD5
    [certificateSignedWith('2a864886f70d010105'), 'sha256'], // SHA-1
    [certificateSignedWith('2a864886f70d01010c'), 'sha384'],
    [certificateSignedWith('2a8648ce3d040304'), 'sha512'],
    [certificateSignedWith(RSA_PSS, der(0x30, SHA_512)), 'sha512'],
    [certificateSignedWith(RSA_PSS, der(0x30)), 'sha256'], // SHA-1, the default
  ] as const) {
    assert.deepEqual(tlsServerEndPoint(certificate, hash), hash(algorithm, certificate));
  }
});

test('a signature that names no hash known here binds nothing', () => {
  for (const certificate of [
    certificateSignedWith('2b6570'), // Ed25519
    certificateSignedWith(RSA_PSS),
    certificateSignedWith(RSA_PSS, der(0x30, der(0xa0))),
    Buffer.alloc(0),
  ]) {
    assert.equal(tlsServerEndPoint(certificate, hash), undefined);
  }
});

test('a certificate that is cut off or garbled is no reason to throw', () => {
  const whole = certificateSignedWith(RSA_PSS, der(0x30, SHA_512));
  for (let length = 0; length < whole.length; length++) {
    assert.equal(tlsServerEndPoint(whole.subarray(0, length), hash), undefined);
  }
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const garbled = Buffer.from(whole);
      garbled[at] = byte;
      tlsServerEndPoint(garbled, hash);
    }),
  );
});

test('a certificate is hashed once while the same is shown, and another one anew', () => {
  const hashed: Buffer[] = [];
  const endPointOf = rememberServerEndPoint((algorithm, bytes) => {
    hashed.push(bytes);
    return hash(algorithm, bytes);
  });
  const [one, other] = [
    certificateSignedWith('2a864886f70d01010c'),
    certificateSignedWith('2a8648ce3d040304'),
  ];
  for (const certificate of [one, Buffer.from(one), other, one])
    assert.deepEqual(endPointOf(certificate), tlsServerEndPoint(certificate, hash));
  assert.deepEqual(hashed, [one, other, one]);
});
