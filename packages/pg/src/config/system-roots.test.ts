import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import {refusal, resolve} from './machine.test.fixture';

const url = 'postgres://h?sslrootcert=system';
const debian = {'/etc/ssl/certs/ca-certificates.crt': 'DEBIAN'};

test('sslrootcert=system trusts what the operating system trusts', () => {
  assert.equal(resolve(url, {files: debian}).ssl.ca, 'DEBIAN');
  const fedora = {'/etc/pki/tls/certs/ca-bundle.crt': 'FEDORA'};
  assert.equal(resolve(url, {files: fedora}).ssl.ca, 'FEDORA');
});

test('SSL_CERT_FILE stands in for the bundle of the system, as it does for OpenSSL', () => {
  const env = {SSL_CERT_FILE: '/mine.pem'};
  assert.equal(resolve(url, {env, files: {...debian, '/mine.pem': 'MINE'}}).ssl.ca, 'MINE');
  assert.match(refusal(url, {env, files: debian}).message, /SSL_CERT_FILE.*\/mine.pem/);
});

test('NODE_EXTRA_CA_CERTS counts on top, and is left out where it cannot be read, as Node does', () => {
  const env = {NODE_EXTRA_CA_CERTS: '/extra.pem'};
  const files = {...debian, '/extra.pem': 'EXTRA'};
  assert.equal(resolve(url, {env, files}).ssl.ca, 'DEBIAN\nEXTRA');
  assert.equal(resolve(url, {env, files: debian}).ssl.ca, 'DEBIAN');
});

test('a system without a bundle leaves it to the roots of Node', () => {
  const {ssl} = resolve(url);
  assert.deepEqual([ssl.mode, ssl.system, ssl.ca], ['verify-full', true, undefined]);
});

test('the bundle, hundreds of lines long, does not stand in what is printed', () => {
  assert.doesNotMatch(inspect(resolve(url, {files: debian}).ssl), /DEBIAN/);
});

test('other root certificates have nothing to do with the system', () => {
  for (const other of ['postgres://h', 'postgres://h?sslmode=verify-full'])
    assert.equal(resolve(other, {files: debian}).ssl.ca, undefined);
});
