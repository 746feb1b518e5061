import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConfigurationError} from '../../errors';
import {socketPath} from './socket-path';

const directory = (bytes: number): string => '/'.padEnd(bytes - '/.s.PGSQL.5432'.length, 'x');

test('the socket is named after the port', () => {
  assert.equal(socketPath('/run/postgresql', 5433, 'PGHOST'), '/run/postgresql/.s.PGSQL.5433');
  assert.equal(socketPath('@postgres', 5432, 'PGHOST'), '\0postgres/.s.PGSQL.5432');
});

for (const [platform, most] of [
  ['linux', 107],
  ['darwin', 103],
] as const) {
  test(`a path of more than ${most} bytes is refused on ${platform}, and never cut`, () => {
    assert.equal(socketPath(directory(most), 5432, 'PGHOST', platform).length, most);
    assert.throws(
      () => socketPath(directory(most + 1), 5432, 'PGHOST', platform),
      (error) =>
        error instanceof ConfigurationError &&
        error.source === 'PGHOST' &&
        error.message.includes(`has ${most + 1} bytes and this system takes ${most}`),
    );
  });
}

test('bytes count, not characters', () => {
  assert.throws(
    () => socketPath(`/${'é'.repeat(50)}`, 5432, 'PGHOST', 'linux'),
    ConfigurationError,
  );
});
