import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import sql = require('./index');

const text = (query: sql.SQLQuery): string => query.format(sql.pgFormat).text;
const inQuotes = {code: 'SQL_VALUE_IN_QUOTES', message: /concatenate in JavaScript/};
const value = 'secret';

describe('a value', () => {
  test('in quotes is refused where it is written', () => {
    assert.throws(() => sql`SELECT '${value}'`, inQuotes);
    assert.throws(() => sql`SELECT * FROM t WHERE a LIKE '${value}%'`, inQuotes);
    assert.throws(() => sql`SELECT E'\\'${value}'`, inQuotes);
    assert.throws(() => sql`SELECT "${value}"`, inQuotes);
    assert.throws(() => sql`DO $$ BEGIN PERFORM ${value}; END $$`, inQuotes);
    assert.throws(() => sql`SELECT $${value}$$`, inQuotes);
    assert.throws(() => sql`SELECT 1 -- ${value}`, inQuotes);
    assert.throws(() => sql`SELECT /* ${value} */ 1`, inQuotes);
    assert.throws(() => sql`SELECT 'never closed ${value}`, inQuotes);
  });

  test('in quotes is refused every time, not only the first', () => {
    for (let i = 0; i < 3; i++) assert.throws(() => sql`SELECT '${value}'`, inQuotes);
  });

  test('in quotes that another query opens is refused when the query is formatted', () => {
    const query = sql`SELECT '${sql`a ${value}`}'`;
    assert.throws(() => text(query), inQuotes);
    assert.throws(() => text(sql`/* ${sql`a = ${value}`} */`), inQuotes);
    assert.throws(() => text(sql`${sql.__dangerous__rawValue("'")}${value}'`), inQuotes);
  });

  test('between quotes that belong to others is fine', () => {
    assert.equal(text(sql`SELECT 'a', ${value}, 'b'`), "SELECT 'a', $1, 'b'");
    assert.equal(
      text(sql`SELECT 'it''s' || ${value} || $$it's$$`),
      "SELECT 'it''s' || $1 || $$it's$$",
    );
    assert.equal(text(sql`SELECT '\\' || ${value} || ''`), "SELECT '\\' || $1 || ''");
    assert.equal(
      text(sql`SELECT /* ' */ ${value}::text[1] -- '`),
      "SELECT /* ' */ $1::text[1] -- '",
    );
  });

  test('that sticks to a word or a digit is refused: the server would read a name or another number', () => {
    const stuck = {code: 'SQL_VALUE_NOT_SEPARATE', message: /Put a space/};
    assert.throws(() => sql`SELECT 1 LIMIT${value}`, stuck);
    assert.throws(() => sql`SELECT ${value}0`, stuck);
    assert.equal(text(sql`SELECT (${value})+${value}::int-${value}`), 'SELECT ($1)+$2::int-$3');
  });

  test('never shows in the message', () => {
    assert.throws(
      () => sql`SELECT '${value}'`,
      (error) => error instanceof Error && !error.message.includes(value),
    );
  });
});

describe('an identifier', () => {
  const inQuotesToo = {code: 'SQL_IDENTIFIER_IN_QUOTES', message: /quoted already/};

  test('in double quotes is refused: its own quotes would end them', () => {
    assert.throws(() => text(sql`SELECT * FROM "${sql.ident('a; DROP TABLE b')}"`), inQuotesToo);
    assert.throws(() => text(sql`SELECT * FROM "${sql.ident('a')}"`), inQuotesToo);
    assert.throws(() => text(sql`SELECT ${sql.ident('a')}${sql.ident('b')}`), inQuotesToo);
    assert.throws(() => text(sql`SELECT U&${sql.ident('a')}`), inQuotesToo);
  });

  test('in a literal, body or comment has nothing in its name that could end it', () => {
    const name = sql.ident('my_seq');
    assert.equal(text(sql`SELECT nextval('${name}')`), `SELECT nextval('"my_seq"')`);
    assert.equal(
      text(sql`DO $$ BEGIN DELETE FROM ${name}; END $$`),
      `DO $$ BEGIN DELETE FROM "my_seq"; END $$`,
    );
    for (const hostile of ["a'); DROP TABLE b --", '$$', 'a\n', '*/', 'a"b', '\\']) {
      assert.throws(() => text(sql`SELECT nextval('${sql.ident(hostile)}')`), inQuotesToo);
      assert.throws(() => text(sql`DO $$ ${sql.ident('a', hostile)} $$`), inQuotesToo);
      assert.throws(() => text(sql`SELECT 1 -- ${sql.ident(hostile)}`), inQuotesToo);
    }
  });
});
