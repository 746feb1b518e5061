import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArray} from './array-text';

test('elements are read in order, NULL as null, "NULL" as text', () => {
  assert.deepEqual(parseArray('{}'), []);
  assert.deepEqual(parseArray('{a,NULL,"NULL","","x y"}'), ['a', null, 'NULL', '', 'x y']);
});

test('quotes and backslashes are undone', () => {
  assert.deepEqual(parseArray('{"a\\"b","\\\\","{,}"}'), ['a"b', '\\', '{,}']);
  assert.deepEqual(parseArray('{a\\,b,\\NULL}'), ['a,b', 'NULL']);
});

test('dimensions nest, and explicit bounds are skipped', () => {
  assert.deepEqual(parseArray('{{1,2},{3,4}}', Number), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(parseArray('[0:1]={a,b}'), ['a', 'b']);
  assert.deepEqual(parseArray('[-2:-1][3:3]={{5},{6}}', Number), [[5], [6]]);
  assert.deepEqual(parseArray('{{{{{{1}}}}}}', Number), [[[[[[1]]]]]]);
});

test('the element parser sees every element of every level but NULL', () => {
  const seen: string[] = [];
  parseArray('{{a,NULL},{"b","c"}}', (text) => seen.push(text));
  assert.deepEqual(seen, ['a', 'b', 'c']);
});

test('box has its own delimiter', () => {
  assert.deepEqual(parseArray('{(1,1),(0,0);(3,3),(2,2)}', undefined, ';'), [
    '(1,1),(0,0)',
    '(3,3),(2,2)',
  ]);
});

test('white space around elements is skipped, a no-break space is not', () => {
  assert.deepEqual(parseArray(' { a , "b" ,{ } }'.replace('{ }', 'c')), ['a', 'b', 'c']);
  assert.deepEqual(parseArray('{\u00a0a\u00a0}'), ['\u00a0a\u00a0']);
});

test('what is not an array is an error that says where and does not quote it', () => {
  for (const text of [
    '',
    'a',
    '{',
    '{a',
    '{"a}',
    '{a}}',
    '{a}b',
    '{a,,b}',
    '{a,}',
    '{,}',
    '{a"b"}',
    '{a\\',
    '{"a"b}',
    '[0:1]=',
    '{{a}b}',
    '{a{b}}',
  ]) {
    assert.throws(
      () => parseArray(text),
      {code: 'PG_VALUE_MALFORMED', message: /character \d+ of \d+/},
      text,
    );
  }
});

test('depth is bounded, so hostile nesting does not exhaust the stack', () => {
  assert.throws(() => parseArray('{'.repeat(1_000_000)), {
    code: 'PG_VALUE_MALFORMED',
    message: /more than 6 dimensions/,
  });
});
