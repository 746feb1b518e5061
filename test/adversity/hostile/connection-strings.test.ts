/**
 * Hostile connection strings (reliability.md, C2, items 31 to 39), as a program gives them to a pool. None is
 * ever read as something else, and no error repeats a password.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import createConnectionPool, {ConfigurationError} from '@databases/pg';
import {parseConnectionString} from '@databases/pg/config';

const refused: readonly [string, string][] = [
  ['C2.31 an escape that is none', 'postgres://me:hunter2%zz@h/d'],
  ['C2.31 a NUL in the user', 'postgres://me%00x:hunter2@h/d'],
  ['C2.31 a NUL in the password', 'postgres://me:hunter2%00@h/d'],
  ['C2.31 a NUL in the database', 'postgres://me:hunter2@h/d%00options%00-c%20search_path=evil'],
  ['C2.31 a NUL in a parameter', 'postgres://me:hunter2@h/d?application_name=a%00b'],
  ['C2.32 a raw / in the password', 'postgres://me:hunter2/x@h/d'],
  ['C2.33 sslmode=verify-ful', 'postgres://me:hunter2@h/d?sslmode=verify-ful'],
  ['C2.33 sslmode=REQUIRE', 'postgres://me:hunter2@h/d?sslmode=REQUIRE'],
  ['C2.33 an empty sslmode', 'postgres://me:hunter2@h/d?sslmode='],
  ['C2.34 two values of sslmode', 'postgres://me:hunter2@h/d?sslmode=verify-full&sslmode=disable'],
  ['C2.34 two values of host', 'postgres://me:hunter2@h/d?host=a&host=b'],
  ['C2.35 __proto__', 'postgres://me:hunter2@h/d?__proto__=x'],
  ['C2.35 constructor', 'postgres://me:hunter2@h/d?constructor=x'],
  ['C2.36 port 0', 'postgres://me:hunter2@h:0/d'],
  ['C2.36 port 99999', 'postgres://me:hunter2@h:99999/d'],
  ['C2.36 port 5432abc', 'postgres://me:hunter2@h:5432abc/d'],
  ['C2.36 port -1', 'postgres://me:hunter2@h/d?port=-1'],
  ['C2.36 port 5e3', 'postgres://me:hunter2@h/d?port=5e3'],
  ['C2.38 http', 'http://me:hunter2@h/d'],
  [
    'C2.39 an sslrootcert that is not there',
    'postgres://me:hunter2@h/d?sslmode=verify-full&sslrootcert=/nowhere/hunter2.crt',
  ],
];

for (const [name, connectionString] of refused) {
  test(`${name} is refused before anything is connected`, () => {
    assert.throws(
      () => createConnectionPool(connectionString),
      (error) => {
        assert.ok(error instanceof ConfigurationError, inspect(error));
        const shown = inspect(error, {depth: Infinity, showHidden: true}) + JSON.stringify(error);
        assert.doesNotMatch(shown.replaceAll('/nowhere/hunter2.crt', ''), /hunter/);
        return true;
      },
    );
    assert.equal(Reflect.get({}, 'x'), undefined);
  });
}

for (const password of ['hunter@2', 'hunter#2', 'hunter?2']) {
  test(`C2.32 the raw password ${password} is read whole, as no host has such a character`, () => {
    const parsed = parseConnectionString(`postgres://me:${password}@h/d`);
    assert.deepEqual([parsed.host, parsed.password, parsed.database], [['h'], password, 'd']);
    assert.doesNotMatch(JSON.stringify(parsed) + inspect(parsed), /hunter/);
  });
}

for (const [name, connectionString, host, port] of [
  ['C2.37 an address of IPv6', 'postgres://me@[::1]:5433/d', ['::1'], [5433]],
  ['C2.37 several hosts', 'postgres://me@a:1,b:2/d', ['a', 'b'], [1, 2]],
  ['C2.37 a socket folder', 'postgres://me@/d?host=/tmp', ['/tmp'], []],
  ['C2.37 an escaped socket folder', 'postgres://me@%2Ftmp/d', ['/tmp'], []],
  ['C2.38 keywords and values', 'host=h dbname=d user=me', ['h'], []],
] as const) {
  test(`${name} is read as libpq reads it`, () => {
    const parsed = parseConnectionString(connectionString);
    assert.deepEqual([parsed.host, parsed.port], [host, port]);
    assert.deepEqual([parsed.user, parsed.database], ['me', 'd']);
  });
}
