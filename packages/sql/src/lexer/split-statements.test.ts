import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import * as fc from 'fast-check';
import {Lexer, hasSeveralStatements, splitStatements} from './index';

function split(text: string): string[] {
  return splitStatements(text).map(({start, end}) => text.slice(start, end));
}

/** From the first to the last token that is no white space: what one statement is, as the lexer sees it. */
function wholeByLexer(text: string): string[] {
  const lexer = new Lexer(text);
  let [start, end, isEmpty] = [-1, -1, true];
  while (lexer.next()) {
    if (lexer.kind === 'whitespace') continue;
    if (start === -1) ({start} = lexer);
    ({end} = lexer);
    if (lexer.kind !== 'lineComment' && lexer.kind !== 'blockComment') isEmpty = false;
  }
  return isEmpty ? [] : [text.slice(start, end)];
}

describe('a text without a semicolon', () => {
  test('is what the lexer finds in it, with or without quotes, comments and white space', () => {
    const quotes = ['$1', '$', '$$', '$a$', "'", "E'", '\\', '"'];
    const comments = ['-', '/', '*', '--', '/*', '*/'];
    const spaces = [' ', '\n', '\t', '\v', '\f', '\u00a0'];
    const words = ['a', '1', '(', ')', '.', 'BEGIN ATOMIC', 'CASE'];
    const piece = fc.constantFrom(...quotes, ...comments, ...spaces, ...words);
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), (pieces) => {
        const text = pieces.join('');
        assert.deepEqual(split(text), wholeByLexer(text));
      }),
      {numRuns: 2000},
    );
  });
});

describe('a statement', () => {
  test('ends at a semicolon, which is not part of it, nor is the white space around', () => {
    assert.deepEqual(split(' SELECT 1 ;\nSELECT 2;'), ['SELECT 1', 'SELECT 2']);
  });

  test('that is nothing but white space and comments is dropped', () => {
    assert.deepEqual(split(''), []);
    assert.deepEqual(split(' ; /* a; b */ ; -- c;\n ;'), []);
    assert.deepEqual(split('SELECT 1; -- done'), ['SELECT 1']);
  });

  test('keeps its comments, such as hints for pg_hint_plan', () => {
    assert.deepEqual(split('/*+ SeqScan(t) */ SELECT 1; SELECT 2 -- two\n;'), [
      '/*+ SeqScan(t) */ SELECT 1',
      'SELECT 2 -- two',
    ]);
  });

  test('may have semicolons in strings, identifiers and comments', () => {
    for (const text of [
      "SELECT E'it\\'s; x'",
      "SELECT 'a;b', $$c;d$$, $x$;$$;$x$",
      'SELECT 1 AS "a;b"',
      'SELECT /* /* ; */ ; */ 1',
      'SELECT 1 -- ;\n + 2',
    ]) {
      assert.deepEqual(split(`${text}; SELECT 2`), [text, 'SELECT 2']);
    }
  });

  test('may have semicolons in parentheses, as CREATE RULE does', () => {
    const rule = 'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)';
    assert.deepEqual(split(`${rule}; SELECT 1`), [rule, 'SELECT 1']);
    assert.deepEqual(split('SELECT 1); SELECT 2'), ['SELECT 1)', 'SELECT 2']);
  });

  test('cut short goes to the end of the text', () => {
    assert.deepEqual(split("SELECT 1; SELECT '; SELECT 2"), ['SELECT 1', "SELECT '; SELECT 2"]);
  });
});

describe('the body of an SQL-standard routine', () => {
  const body = 'BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END';

  test('is part of the statement that creates it', () => {
    for (const head of [
      'CREATE FUNCTION f() RETURNS int',
      'create or replace function s.f(a int DEFAULT (1)) RETURNS int',
      'CREATE /* ; */ PROCEDURE p()',
      'CREATE OR -- ;\n REPLACE PROCEDURE p()',
    ]) {
      assert.deepEqual(split(`${head} ${body}; SELECT 2`), [`${head} ${body}`, 'SELECT 2']);
    }
  });

  test('ends at its own END, whatever the names inside', () => {
    const routine =
      'CREATE FUNCTION f() BEGIN ATOMIC SELECT t.end AS end, t.case, (CASE a WHEN 1 THEN 2 END) ' +
      'FROM t; SELECT CASE WHEN a THEN CASE WHEN b THEN 1 END END; END';
    assert.deepEqual(split(`${routine}; SELECT 2`), [routine, 'SELECT 2']);
  });

  test('begins at BEGIN ATOMIC only', () => {
    const named = 'CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$SELECT 1$$';
    assert.deepEqual(split(`${named}; SELECT 2`), [named, 'SELECT 2']);
    const parameter = 'CREATE FUNCTION f(begin atomic) LANGUAGE sql AS $$$$';
    assert.deepEqual(split(`${parameter}; SELECT 2`), [parameter, 'SELECT 2']);
  });

  test('is looked for in CREATE FUNCTION and CREATE PROCEDURE only', () => {
    assert.deepEqual(split('BEGIN; SELECT 1; END; SELECT 2'), [
      'BEGIN',
      'SELECT 1',
      'END',
      'SELECT 2',
    ]);
    assert.deepEqual(split('CREATE TABLE begin (atomic int); constructor; END'), [
      'CREATE TABLE begin (atomic int)',
      'constructor',
      'END',
    ]);
    assert.deepEqual(split('SELECT begin atomic; SELECT 2').length, 2);
  });
});

test('hasSeveralStatements agrees with splitStatements', () => {
  for (const text of [
    '',
    ';',
    'a',
    'a;',
    'a; ;\n',
    'a;b',
    "';'",
    'a; -- b',
    '/*;*/a',
    'a;\u00a0',
  ]) {
    assert.equal(hasSeveralStatements(text), split(text).length > 1, JSON.stringify(text));
  }
});

const statement = fc
  .array(
    fc.constantFrom(
      'SELECT',
      "';'",
      '$$;$$',
      '"a;"',
      '(;)',
      '/*;*/',
      'CASE',
      'END',
      'x',
      '1',
      'CREATE FUNCTION f() BEGIN ATOMIC ; CASE x END; END',
    ),
    {minLength: 1, maxLength: 6},
  )
  .map((words) => words.join(' '))
  .filter((text) => text !== '/*;*/'.repeat(1) && /[^ /*;]/.test(text));

test('statements put together with semicolons come apart again', () => {
  fc.assert(
    fc.property(
      fc.array(
        statement.filter((text) => split(text).length === 1),
        {maxLength: 5},
      ),
      (statements) => assert.deepEqual(split(statements.join('\n;\n')), statements),
    ),
  );
});
