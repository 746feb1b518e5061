import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql = require('./index');

const text = (query: sql.SQLQuery): string => query.format(sql.pgFormat).text;
const join = (...parameters: readonly unknown[]): unknown =>
  Reflect.apply(sql.join, undefined, parameters);

test('queries are joined with one of the usual separators', () => {
  const queries = [sql`a = ${1}`, sql`b = ${2}`];
  assert.equal(text(sql.join(queries)), 'a = $1b = $2');
  for (const separator of ['', ',', ', ', ' AND ', ' OR ', ') AND (', ') OR (', ';'] as const) {
    assert.equal(text(sql.join(queries, separator)), `a = $1${separator}b = $2`);
  }
});

test('queries are joined with another query', () => {
  const joined = sql.join([sql`a`, sql`b`, sql`c`], sql` || ${'-'} || `);
  assert.deepEqual(joined.format(sql.pgFormat), {
    text: 'a || $1 || b || $2 || c',
    values: ['-', '-'],
  });
});

test('no queries are the empty query, and one query is itself', () => {
  assert.equal(text(sql.join([], ',')), '');
  const only = sql`a`;
  assert.equal(sql.join([only], ','), only);
});

test('the array may be changed afterwards', () => {
  const queries = [sql`a`, sql`b`];
  const joined = sql.join(queries, ',');
  queries.push(sql`c`);
  assert.equal(text(joined), 'a,b');
});

test('text from elsewhere is no separator', () => {
  const refused = {name: 'TypeError', code: 'SQL_INVALID_JOIN', message: /sql` UNION `/};
  assert.throws(() => join([sql`a`, sql`b`], '; DROP TABLE t; '), refused);
  assert.throws(() => join([sql`a`, sql`b`], ' UNION '), refused);
  assert.throws(() => join([sql`a`], 5), refused);
});

test('an element that is no query is named by its index', () => {
  assert.throws(() => join([sql`a`, 'b'], ','), {
    name: 'TypeError',
    code: 'SQL_INVALID_JOIN',
    message: /Element 1 .* a string/,
  });
  assert.throws(() => join([undefined]), {message: /Element 0 .* undefined/});
  // oxlint-disable-next-line no-sparse-arrays, unicorn/no-sparse-arrays -- what is tested
  assert.throws(() => join([sql`a`, , sql`b`]), {message: /Element 1 /});
  assert.throws(() => join('ab'), {code: 'SQL_INVALID_JOIN', message: /a string/});
});
