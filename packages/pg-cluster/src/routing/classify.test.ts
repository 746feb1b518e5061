import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import * as fc from 'fast-check';
import {readCatalogue} from './read-catalogue';
import type {CatalogueRow} from './read-catalogue';
import {classify} from './classify';
import {Router} from './router';
import {describeVerdict} from './verdict';

const row = (
  kind: CatalogueRow['kind'],
  name: string,
  text: string | null = null,
): CatalogueRow => ({
  kind,
  name,
  text,
});

const rows = [
  row('harmless', 'lower'),
  row('harmless', 'count'),
  row('denied', 'f_write'),
  row('denied', 'gen_random_uuid'),
  row('operator', '@@@@'),
  row('definition', 'outer_view', 'SELECT w FROM inner_view'),
  row('definition', 'inner_view', 'SELECT f_write() AS w'),
  row('definition', 'good_view', 'SELECT lower(a) FROM t'),
];
const catalogue = readCatalogue(rows);

const verdict = (text: string): string => describeVerdict(classify(text, catalogue));

describe('a verdict says which word decided', () => {
  const cases = {
    'SELECT lower(a) FROM t': 'replica: it only reads',
    '': 'replica: it only reads',
    'SELECT f_write()':
      'primary: it names what writes, locks, is not replicated or belongs to one node ("f_write" at character 8)',
    'SELECT other()':
      'primary: it calls what is not known to be free of effects ("other" at character 8)',
    'SELECT 1 @@@@ 2':
      'primary: it uses an operator whose function may have effects ("@@@@" at character 10)',
    'SELECT a FROM t FOR UPDATE': 'primary: it writes ("UPDATE" at character 21)',
    'SELECT a FROM t FOR KEY SHARE':
      'primary: it locks rows, which is a write ("KEY" at character 21)',
    "SELECT 'a":
      'primary: its text cannot be read as the server would read it ("\'a" at character 8)',
  };
  for (const [text, expected] of Object.entries(cases)) {
    test(text, () => assert.equal(verdict(text), expected));
  }
});

describe('the catalogue', () => {
  test('denies views of views that write', () => {
    assert.equal(classify('SELECT * FROM outer_view', catalogue).target, 'primary');
    assert.equal(classify('SELECT * FROM good_view', catalogue).target, 'replica');
  });

  test('takes the word of the program for what it reads and writes', () => {
    const own = readCatalogue(rows, {reads: ['f_write'], writes: ['lower']});
    assert.equal(classify('SELECT f_write()', own).target, 'replica');
    assert.equal(classify('SELECT * FROM outer_view', own).target, 'replica');
    assert.equal(classify('SELECT lower(a) FROM t', own).target, 'primary');
  });

  test('knows functions that are volatile and harmless', () => {
    assert.equal(classify('SELECT gen_random_uuid()', catalogue).target, 'replica');
  });
});

describe('a name with a parenthesis', () => {
  const targets = {
    'SELECT a FROM (VALUES (1, 2)) v(a, b)': 'replica',
    'SELECT "A" FROM lower(x) v("A")': 'replica',
    'SELECT a FROM t v(a, b) JOIN s.u "V"(c) ON true': 'replica',
    'WITH x(a) AS (VALUES (1)) SELECT a FROM x': 'replica',
    'SELECT a FROM other(a) AS (values int)': 'primary',
    'SELECT a FROM LATERAL other(b)': 'primary',
    'SELECT a FROM t JOIN LATERAL other(b) ON true': 'primary',
    'SELECT a IS DISTINCT FROM NOT other(b)': 'primary',
    'SELECT a FROM t WHERE b = extract(c FROM other(d))': 'primary',
    'SELECT a FROM s.other(b)': 'primary',
    'SELECT a FROM t v, other(b)': 'primary',
    // Where an alias is, no call is possible, and the other way round.
    'SELECT DISTINCT ON (a) other(b) FROM t': 'primary',
    'SELECT DISTINCT ON (lower(a)) other(b) FROM t': 'primary',
    'SELECT a FROM t WHERE (a) AND other(b)': 'primary',
    'SELECT (t).other(b) FROM t': 'primary',
    'SELECT a FROM (VALUES (1)) other()': 'primary',
    "SELECT a FROM (VALUES (1)) other('a')": 'primary',
    'SELECT a FROM (VALUES (1)) f_write(a)': 'primary',
    'SELECT a FROM (VALUES (1)) v(a), other(b)': 'primary',
  };
  for (const [text, target] of Object.entries(targets)) {
    test(`${text}: ${target}`, () => assert.equal(classify(text, catalogue).target, target));
  }
});

describe('the router', () => {
  test('forgets what it decided by another catalogue', () => {
    const router = new Router();
    assert.equal(router.verdict('SELECT 1').target, 'primary');
    router.use(catalogue);
    assert.equal(router.verdict('SELECT lower(a) FROM x').target, 'replica');
    router.use(readCatalogue([...rows, row('denied', 'x')]));
    assert.equal(router.verdict('SELECT lower(a) FROM x').target, 'primary');
  });

  test('asks the program first', () => {
    const router = new Router({route: (text) => (text.includes('mine') ? 'replica' : undefined)});
    assert.deepEqual(router.verdict('CALL mine()'), {target: 'replica', rule: 'byProgram'});
    assert.equal(router.verdict('CALL yours()').target, 'primary');
  });

  test('remembers no more than it may', () => {
    let asked = 0;
    const router = new Router({
      maxRemembered: 2,
      route: () => {
        asked++;
        return undefined;
      },
    });
    for (const text of ['a', 'b', 'b', 'a', 'c', 'b', 'a']) router.verdict(text);
    assert.equal(asked, 4);
  });
});

/** Statements in pieces, so that anything may be put between them. */
const statements: readonly (readonly string[])[] = [
  ['SELECT', 'lower', '(', 'a', ')', 'FROM', 't', 'WHERE', 'b', 'IN', '(', '1', ',', '2', ')'],
  ['WITH', 'x', '(', 'n', ')', 'AS', '(', 'SELECT', '1', ')', 'SELECT', 'n', 'FROM', 'x'],
  ['SELECT', 'f_write', '(', ')'],
  ['SELECT', 'a', 'FROM', 't', 'FOR', 'NO', 'KEY', 'UPDATE'],
  ['EXPLAIN', '(', 'ANALYZE', ')', 'DELETE', 'FROM', 't'],
  ['SELECT', '1', ';', 'INSERT', 'INTO', 't', 'VALUES', '(', '1', ')'],
];
const gap = fc.constantFrom(
  ' ',
  '\n',
  '\t',
  ' /* DELETE /* INSERT */ */ ',
  ' -- f_write()\n',
  '\r',
  '\f',
);
const written = fc
  .constantFrom(...statements)
  .chain((pieces) =>
    fc.tuple(
      fc.constant(pieces),
      fc.array(gap, {minLength: pieces.length, maxLength: pieces.length}),
      fc.array(fc.boolean(), {minLength: pieces.length, maxLength: pieces.length}),
    ),
  );

describe('however a statement is written', () => {
  test('spaces, comments and case change nothing', () => {
    fc.assert(
      fc.property(written, ([pieces, gaps, upper]) => {
        const text = pieces
          .map(
            (piece, index) =>
              (upper[index] ? piece.toUpperCase() : piece.toLowerCase()) + (gaps[index] ?? ''),
          )
          .join('');
        const plain = classify(pieces.join(' '), catalogue);
        const {target, rule} = classify(text, catalogue);
        assert.deepEqual({target, rule}, {target: plain.target, rule: plain.rule});
      }),
    );
  });

  const writing = fc.constantFrom(
    'DELETE',
    'f_write()',
    'other()',
    'INTO',
    '@@@@',
    "'",
    '$$',
    'outer_view',
    '{',
  );

  test('a word that writes, put anywhere between two others, goes to the primary', () => {
    fc.assert(
      fc.property(fc.nat(), writing, (where, word) => {
        const pieces = [
          'SELECT',
          'a',
          ',',
          'lower',
          '(',
          'b',
          ')',
          'FROM',
          't',
          'WHERE',
          'c',
          '=',
          '1',
        ];
        // Behind AS and a dot it would be a name; there are none here.
        pieces.splice(1 + (where % pieces.length), 0, word);
        assert.equal(classify(pieces.join(' '), catalogue).target, 'primary');
      }),
    );
  });

  test('the same word within a string or a comment changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom('DELETE', 'f_write()', 'INTO x'), (word) => {
        for (const text of [
          `SELECT '${word}'`,
          `SELECT $a$${word}$a$`,
          `SELECT 1 -- ${word}`,
          `SELECT /*${word}*/ 1`,
        ]) {
          assert.equal(classify(text, catalogue).target, 'replica', text);
        }
      }),
    );
  });
});
