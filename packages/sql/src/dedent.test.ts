import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import sql = require('./index');
import {layOut} from './layout';
import {tokenize} from './lexer/index';

const format = (query: sql.SQLQuery): string => query.format(sql.pgFormat).text;
const dedent = (text: string): string => format(sql.__dangerous__rawValue(text));

test('the indentation all lines share is removed, and white space around the query', () => {
  const query = sql`
    SELECT *
      FROM t

    WHERE a = ${1}
  `;
  assert.equal(format(query), 'SELECT *\n  FROM t\n\nWHERE a = $1');
});

test('the first line counts when the query starts on it', () => {
  assert.equal(dedent('SELECT\n    a'), 'SELECT\n    a');
  assert.equal(dedent('  SELECT\r\n    a\r\n'), 'SELECT\r\n  a');
});

test('blank lines do not count, and lose what the others lose', () => {
  assert.equal(dedent('\n    a\n  \n      \n    b'), 'a\n\n  \nb');
});

test('a tab counts as one', () => {
  assert.equal(dedent('\n\t\ta\n    b'), 'a\n  b');
});

test('a query put into another is dedented with it', () => {
  const inner = sql`
        a
          b`;
  assert.equal(
    format(sql`
    WHERE ${inner}
  `),
    'WHERE \n    a\n      b',
  );
});

test('text in literals, dollar bodies, quoted identifiers and comments stays as it was typed', () => {
  for (const verbatim of [
    "'a\n        b\n  c '",
    "E'a\\'\n        b'",
    "'a'\n        'b'",
    '$$\n      BEGIN\n        a;\n      END\n$$',
    '$x$\n   $$\n$x$',
    '"a\n        b"',
    '/* a\n          b\n */',
  ]) {
    assert.equal(
      dedent(`\n    SELECT\n      ${verbatim}\n    FROM t\n`),
      `SELECT\n  ${verbatim}\nFROM t`,
    );
  }
});

test('text of a literal that is never closed stays too', () => {
  assert.equal(dedent("  SELECT 'a\n   b  "), "SELECT 'a\n   b  ");
});

test('only white space to the server is trimmed', () => {
  assert.equal(dedent(' \t\f\u00a0a\u00a0\n'), '\u00a0a\u00a0');
  assert.equal(dedent(' \n '), '');
});

/** The texts with parameters between them. */
const joined = (parts: readonly string[]): string =>
  parts.reduce((whole, part, i) => `${whole}$${i}${part}`);

const text = fc
  .array(fc.constantFrom(' ', '\n', '\t', "'", '"', '$$', '--', '/*', '*/', 'a', ';', '\\', "E'"), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''));

const tokensOf = (whole: string): string[] =>
  tokenize(whole)
    .filter(({kind}) => kind !== 'whitespace')
    .map(({start, end}) => whole.slice(start, end));

test('dedenting changes no token', () => {
  fc.assert(
    fc.property(text, (whole) => assert.deepEqual(tokensOf(dedent(whole)), tokensOf(whole))),
  );
});

test('dedenting twice changes nothing more', () => {
  fc.assert(fc.property(text, (whole) => assert.equal(dedent(dedent(whole)), dedent(whole))));
});

test('where the slots are makes no difference to the text around them', () => {
  const texts = fc.array(fc.constantFrom(' a ', '\n  b', ', ', '\n\n    (', '\t)', "'x\n  y' "), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(texts, (around: readonly string[]) => {
      const slots = around.slice(1).map(() => 'value' as const);
      assert.equal(joined(layOut(around, slots).texts), dedent(joined(around)));
    }),
  );
});
