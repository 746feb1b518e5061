import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {inspect} from 'node:util';
import {refusal, resolve} from './machine.test.fixture';

const root = {'/ca.pem': 'CA'};
const home = '/home/me/.postgresql';

suite('sslmode means what it means in libpq', () => {
  for (const mode of ['disable', 'allow', 'prefer', 'require', 'no-verify'])
    test(mode, () => assert.equal(resolve(`postgres://h?sslmode=${mode}`).ssl.mode, mode));

  test('unset is prefer', () => assert.equal(resolve('postgres://h').ssl.mode, 'prefer'));

  test('require with a root certificate is verify-ca', () => {
    const {ssl} = resolve('postgres://h?sslmode=require&sslrootcert=/ca.pem', {files: root});
    assert.deepEqual([ssl.mode, ssl.ca], ['verify-ca', 'CA']);
    const files = {[`${home}/root.crt`]: 'CA'};
    assert.equal(resolve('postgres://h?sslmode=require', {files}).ssl.mode, 'verify-ca');
  });

  test('verify-ca without a certificate to verify against is an error, not a check that checks nothing', () => {
    assert.match(refusal('postgres://h?sslmode=verify-ca').message, /sslrootcert.*verify-full/);
    const {ssl} = resolve('postgres://h?sslmode=verify-ca&sslrootcert=/ca.pem', {files: root});
    assert.equal(ssl.mode, 'verify-ca');
  });

  test('verify-full stays verify-full with and without a root certificate', () => {
    assert.equal(resolve('postgres://h?sslmode=verify-full').ssl.mode, 'verify-full');
    const {ssl} = resolve('postgres://h?sslmode=verify-full&sslrootcert=/ca.pem', {files: root});
    assert.deepEqual([ssl.mode, ssl.ca], ['verify-full', 'CA']);
  });

  test('sslrootcert=system is verify-full, and nothing weaker', () => {
    const {ssl} = resolve('postgres://h?sslrootcert=system');
    assert.deepEqual([ssl.mode, ssl.system, ssl.ca], ['verify-full', true, undefined]);
    for (const mode of ['prefer', 'require', 'verify-ca', 'no-verify'])
      assert.match(
        refusal(`postgres://h?sslrootcert=system&sslmode=${mode}`).message,
        /verify-full/,
      );
  });

  test('an unknown or empty mode is an error wherever it comes from', () => {
    assert.match(refusal({ssl: 'verify-ful'}).message, /^option "ssl".*Did you mean "verify-full"/);
    assert.match(refusal({ssl: ''}).message, /empty/);
    assert.match(refusal({}, {env: {PGSSLMODE: ''}}).message, /^PGSSLMODE.*empty/);
  });
});

suite('the ssl option', () => {
  test('true is require, false is disable, and both win over what is weaker', () => {
    assert.equal(resolve({ssl: true}).ssl.mode, 'require');
    assert.equal(
      resolve({ssl: true, connectionString: 'postgres://h?sslmode=disable'}).ssl.mode,
      'require',
    );
    assert.equal(
      resolve({ssl: false, connectionString: 'postgres://h?sslmode=require'}).ssl.mode,
      'disable',
    );
  });

  test('true does not weaken a connection string that asks for verification', () => {
    const connectionString = 'postgres://h?sslmode=verify-full';
    assert.equal(resolve({ssl: true, connectionString}).ssl.mode, 'verify-full');
  });

  test('an object goes to Node as it is, verifies unless told not to, and is hidden', () => {
    const files = {[`${home}/root.crt`]: 'CA'};
    const {ssl} = resolve({ssl: {key: 'hush', servername: 'x'}}, {files});
    assert.deepEqual([ssl.mode, ssl.nodeOptions], ['verify-full', {key: 'hush', servername: 'x'}]);
    assert.equal(ssl.ca, undefined, 'no file joins in that nobody named');
    assert.doesNotMatch(inspect(ssl, {showHidden: true}) + JSON.stringify(ssl), /hush/);
    assert.equal(resolve({ssl: {rejectUnauthorized: false}}).ssl.mode, 'no-verify');
  });

  test('other types are refused', () => {
    assert.match(refusal({ssl: 1}).message, /option "ssl": must be/);
    assert.match(refusal({ssl: null}).message, /got null/);
  });
});

suite('certificate files', () => {
  test('a named file that is not there is an error, never a reason to verify less', () => {
    for (const keyword of ['sslrootcert', 'sslcert', 'sslcrl'])
      assert.match(
        refusal(`postgres://h?sslmode=verify-full&${keyword}=/no.pem`).message,
        new RegExp(`${keyword}: there is no readable file /no.pem`),
      );
  });

  test('nothing of what is in the files is shown: one may hold a key, or be the wrong file', () => {
    const files = {'/ca.pem': 'hush', '/both.pem': 'PRIVATE KEY hush', '/crl.pem': '*:*:*:*:hush'};
    const {ssl} = resolve(
      'postgres://h?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/both.pem&sslcrl=/crl.pem',
      {files},
    );
    assert.deepEqual([ssl.ca, ssl.cert, ssl.crl], Object.values(files));
    assert.doesNotMatch(inspect(ssl, {showHidden: true}) + JSON.stringify(ssl), /hush/);
  });

  test('a client certificate comes with its key, which is hidden', () => {
    const files = {'/c.pem': 'CERT', '/k.pem': 'hush'};
    const {ssl} = resolve('postgres://h?sslcert=/c.pem&sslkey=/k.pem', {files});
    assert.deepEqual([ssl.cert, ssl.key], ['CERT', 'hush']);
    assert.doesNotMatch(inspect(ssl, {showHidden: true}) + JSON.stringify(ssl), /hush/);
    assert.match(refusal('postgres://h?sslcert=/c.pem', {files}).message, /no key/);
  });

  test('the files in ~/.postgresql count, unless sslcertmode=disable', () => {
    const files = {[`${home}/postgresql.crt`]: 'CERT', [`${home}/postgresql.key`]: 'KEY'};
    assert.equal(resolve('postgres://h', {files}).ssl.cert, 'CERT');
    assert.equal(resolve('postgres://h?sslcertmode=disable', {files}).ssl.cert, undefined);
    assert.equal(resolve('postgres://h?sslmode=disable', {files}).ssl.cert, undefined);
  });

  test('a key that others may use is worth a warning', () => {
    const files = {'/c.pem': 'CERT', '/k.pem': 'KEY'};
    const text = 'postgres://h?sslcert=/c.pem&sslkey=/k.pem';
    assert.match(
      resolve(text, {files, modes: {'/k.pem': 0o644}}).warnings.join(),
      /chmod 0600 \/k.pem/,
    );
    assert.deepEqual(resolve(text, {files}).warnings, []);
  });
});

test('PGSSLMAXPROTOCOLVERSION sets the maximum, which may not be below the minimum', () => {
  const {ssl} = resolve({}, {env: {PGSSLMAXPROTOCOLVERSION: 'TLSv1.2'}});
  assert.deepEqual([ssl.minVersion, ssl.maxVersion], ['TLSv1.2', 'TLSv1.2']);
  assert.match(refusal({}, {env: {PGSSLMAXPROTOCOLVERSION: 'TLSv1.1'}}).message, /is below/);
  assert.match(refusal('postgres://h?ssl_min_protocol_version=SSLv3').message, /TLSv1.3/);
});

test('direct negotiation needs a mode that insists on TLS', () => {
  assert.match(refusal('postgres://h?sslnegotiation=direct').message, /sslmode=require/);
  const {ssl} = resolve('postgres://h?sslnegotiation=direct&sslmode=require');
  assert.equal(ssl.negotiation, 'direct');
});

test('channel_binding=require cannot go without TLS', () => {
  const text = 'postgres://h?channel_binding=require&sslmode=disable';
  assert.match(refusal(text).message, /needs TLS/);
});
