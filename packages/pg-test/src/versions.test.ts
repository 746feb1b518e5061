import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseRelease, parseServerVersion} from './versions';

test('a major version names the exact release that is started', () => {
  assert.equal(parseRelease(14).packageVersion, '14.23.0-beta.17');
  assert.equal(parseRelease('18').major, 18);
});

test('a version that is not shipped is an error listing those that are', () => {
  for (const version of [13, '9.6', 'latest', '', ' ', Number.NaN]) {
    assert.throws(() => parseRelease(version), {
      code: 'PG_TEST_UNKNOWN_VERSION',
      message: /14, 15, 16, 17, 18/,
    });
  }
});

test('the version of an installed server is read past the vendor suffix', () => {
  const line = 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n';
  assert.deepEqual(parseServerVersion(line), {major: 15, full: '15.18'});
  assert.deepEqual(parseServerVersion('postgres (PostgreSQL) 19beta1'), {
    major: 19,
    full: '19beta1',
  });
  assert.throws(() => parseServerVersion('mysqld 8'), {code: 'PG_TEST_NO_BINARIES'});
});
