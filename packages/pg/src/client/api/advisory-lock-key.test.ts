import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql, {pgFormat} from '@databases/sql';
import {UsageError} from '../../errors';
import {advisoryLockKey} from './advisory-lock-key';

const formatted = (key: Parameters<typeof advisoryLockKey>[0]) =>
  sql`lock(${advisoryLockKey(key)})`.format(pgFormat);

for (const [key, value] of [
  [42, '42'],
  [-1, '-1'],
  [2n ** 63n - 1n, '9223372036854775807'],
  ['9007199254740993', '9007199254740993'],
] as const) {
  test(`${typeof key} ${key} is one bigint`, () => {
    assert.deepEqual(formatted(key), {text: 'lock($1::bigint)', values: [value]});
  });
}

test('a pair is two integers, another key space', () => {
  assert.deepEqual(formatted([1, -2]), {text: 'lock($1::int, $2::int)', values: ['1', '-2']});
});

test('what is no key is refused before anything is sent', () => {
  const notKeys: unknown[] = [
    1.5,
    2 ** 53,
    Number.NaN,
    '',
    'x',
    '1.0',
    [1],
    [1, 2, 3],
    [1, 2 ** 31],
  ];
  for (const key of [...notKeys, ['1', 2], null, undefined, {}]) {
    assert.throws(
      () => Reflect.apply(advisoryLockKey, undefined, [key]),
      (error) => error instanceof UsageError && error.code === 'PG_INVALID_ARGUMENT',
      JSON.stringify(key),
    );
  }
});
