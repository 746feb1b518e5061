import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import * as fc from 'fast-check';
import {type LexerOptions, type TokenKind, tokenize} from './index';

/** The tokens of a text, white space left out, as `kind text`. */
function read(text: string, options?: LexerOptions): string[] {
  return tokenize(text, options)
    .filter(({kind}) => kind !== 'whitespace')
    .map(({kind, start, end}) => `${kind} ${text.slice(start, end)}`);
}

/** Asserts that the whole text is one token of that kind. */
function isOne(kind: TokenKind, text: string, options?: LexerOptions): void {
  assert.deepEqual(read(text, options), [`${kind} ${text}`]);
}

describe('words', () => {
  test('are letters, digits, underscores and dollars', () => {
    isOne('word', 'SELECT');
    isOne('word', '_a9$b');
    isOne('word', 'a$b$');
  });

  test('may have anything beyond ASCII, no-break spaces too', () => {
    isOne('word', 'größe');
    isOne('word', '\u00a0');
    isOne('word', 'a\u2028b');
    isOne('word', '🦊');
  });

  test('take no part in a string that starts after them', () => {
    assert.deepEqual(read("fooE'a\\'"), ['word fooE', "string 'a\\'"]);
    assert.deepEqual(read('foo$a$b$a$'), ['word foo$a$b$a$']);
  });
});

describe('comments', () => {
  test('of one line end before a line feed or a carriage return', () => {
    assert.deepEqual(read('--a\nb'), ['lineComment --a', 'word b']);
    assert.deepEqual(read('--a\rDELETE'), ['lineComment --a', 'word DELETE']);
    isOne('lineComment', '-- to the end; no \u2028 break');
  });

  test('between slash and star nest', () => {
    isOne('blockComment', '/**/');
    isOne('blockComment', '/* /* a */ b */');
    isOne('blockComment', '/* \' $$ " -- */');
    isOne('blockComment', '/***/');
    assert.deepEqual(read('/*//*/ a */ */b'), ['blockComment /*//*/ a */ */', 'word b']);
  });

  test('left open are unterminated', () => {
    isOne('unterminated', '/* a');
    isOne('unterminated', '/* /* */');
    isOne('unterminated', '/*/');
  });
});

describe('strings', () => {
  test('double the quotes inside', () => {
    isOne('string', "'it''s; -- no comment'");
    isOne('string', "''");
    isOne('string', "''''");
  });

  test('take a backslash as it is, unless standard_conforming_strings is off', () => {
    assert.deepEqual(read("'a\\'; b"), ["string 'a\\'", 'semicolon ;', 'word b']);
    isOne('string', "'a\\'; b'", {standardConformingStrings: false});
    isOne('string', "n'a\\'; b'", {standardConformingStrings: false});
  });

  test('with an E take the character after a backslash with them', () => {
    isOne('escapeString', "E'it\\'s; x'");
    isOne('escapeString', "e'\\\\'");
    assert.deepEqual(read("E'\\\\';"), ["escapeString E'\\\\'", 'semicolon ;']);
    isOne('escapeString', "E'a''b'");
  });

  test('of bits have no doubled quotes', () => {
    isOne('bitString', "B'0101'");
    isOne('bitString', "x'1F'");
    assert.deepEqual(read("B'01''10'"), ["bitString B'01'", "string '10'"]);
  });

  test('in national and Unicode spelling are strings', () => {
    isOne('string', "N'a'");
    isOne('string', "U&'d\\0061t\\+000061'");
    assert.deepEqual(read("u & 'a'"), ['word u', 'operator &', "string 'a'"]);
    assert.deepEqual(read('u&x'), ['word u', 'operator &', 'word x']);
  });

  test('go on after a line break, under the rules they began with', () => {
    isOne('string', "'a'\n'b'");
    isOne('string', "'a' -- why\n  \t'b'\r'c'");
    isOne('escapeString', "E'a'\n'\\''");
    isOne('bitString', "B'0'\n'1'");
  });

  test('do not go on without one, nor after a block comment', () => {
    assert.deepEqual(read("'a' 'b'"), ["string 'a'", "string 'b'"]);
    assert.deepEqual(read("'a'/*\n*/\n'b'"), ["string 'a'", 'blockComment /*\n*/', "string 'b'"]);
    assert.deepEqual(read("'a'\n-'b'"), ["string 'a'", 'operator -', "string 'b'"]);
    assert.deepEqual(read("$$a$$\n'b'"), ['dollarString $$a$$', "string 'b'"]);
  });

  test('left open are unterminated', () => {
    for (const text of ["'a", "E'a\\'", "E'\\", "'a'\n'b", "B'0", "U&'a", '$$a$', '$a$ $b$']) {
      isOne('unterminated', text);
    }
  });
});

describe('dollar strings', () => {
  test('end at the tag they began with', () => {
    isOne('dollarString', "$$it's; $1 \\ --$$");
    isOne('dollarString', '$a$ $$ $b$ $$a$');
    isOne('dollarString', '$größe_1$x$größe_1$');
    isOne('dollarString', '$delim$ $junk$delim$');
  });

  test('have a tag that is a word without dollars; case counts', () => {
    isOne('unterminated', '$a$ $A$');
    assert.deepEqual(read('$1$$a$$'), ['parameter $1', 'dollarString $$a$$']);
    assert.deepEqual(read('$a-$'), ['other $', 'word a', 'operator -', 'other $']);
  });
});

describe('identifiers in double quotes', () => {
  test('double the quotes inside and take backslashes as they are', () => {
    isOne('quotedIdentifier', '"a""b"');
    isOne('quotedIdentifier', '"a\\"');
    isOne('quotedIdentifier', 'U&"d\\0061ta"');
    isOne('unterminated', '"a""');
  });
});

describe('numbers', () => {
  test('may have points, exponents, bases and underscores', () => {
    for (const text of ['1', '1.', '.5', '1.5e-10', '1E5', '0xFf', '0o17', '0b_101', '1_000.0_1']) {
      isOne('number', text);
    }
  });

  test('leave what cannot be part of them', () => {
    assert.deepEqual(read('1..10'), ['number 1', 'operator ..', 'number 10']);
    assert.deepEqual(read('1e'), ['number 1', 'word e']);
    assert.deepEqual(read('1e+x'), ['number 1', 'word e', 'operator +', 'word x']);
    assert.deepEqual(read('0b2'), ['number 0', 'word b2']);
    assert.deepEqual(read('1__0'), ['number 1', 'word __0']);
  });

  test('never hide a word that sticks to them', () => {
    assert.deepEqual(read('1into t'), ['number 1', 'word into', 'word t']);
    assert.deepEqual(read('$1from t'), ['parameter $1', 'word from', 'word t']);
  });
});

describe('operators', () => {
  test('are as long as they can be', () => {
    assert.deepEqual(read('a->>b'), ['word a', 'operator ->>', 'word b']);
    assert.deepEqual(read('a::int'), ['word a', 'operator ::', 'word int']);
    assert.deepEqual(read('f(a:=1)').slice(2, 4), ['word a', 'operator :=']);
  });

  test('stop at a comment', () => {
    assert.deepEqual(read('1+/*a*/2'), [
      'number 1',
      'operator +',
      'blockComment /*a*/',
      'number 2',
    ]);
    assert.deepEqual(read('@--'), ['operator @', 'lineComment --']);
  });

  test('end in a sign only if they have a character SQL has no operators of', () => {
    assert.deepEqual(read('a=-1'), ['word a', 'operator =', 'operator -', 'number 1']);
    assert.deepEqual(read('a@-1'), ['word a', 'operator @-', 'number 1']);
    assert.deepEqual(read('<+-+a'), [
      'operator <',
      'operator +',
      'operator -',
      'operator +',
      'word a',
    ]);
    assert.deepEqual(read('+-@+'), ['operator +-@+']);
    assert.deepEqual(read('a+-b<=c').slice(2), ['operator -', 'word b', 'operator <=', 'word c']);
  });
});

test('punctuation and what SQL has no use for are tokens of one character', () => {
  const kinds = tokenize('(a[1],b.c);{\0\\').map(({kind}) => kind);
  assert.deepEqual(kinds, [
    'leftParen',
    'word',
    'leftBracket',
    'number',
    'rightBracket',
    'comma',
    'word',
    'dot',
    'word',
    'rightParen',
    'semicolon',
    'other',
    'other',
    'other',
  ]);
});

/** Texts made of what the lexer has rules about. */
const sqlText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\'"$;()-/*\\\n\r \t.:+@=eEuU&xbn019_a,ö{'.split('')),
      fc.constantFrom(
        '--',
        '/*',
        '*/',
        '$$',
        '$a$',
        "E'",
        'U&"',
        '..',
        '0x',
        '1e',
        'BEGIN ATOMIC ',
      ),
    ),
    {maxLength: 40},
  )
  .map((pieces) => pieces.join(''));

test('the tokens of any text follow each other without a gap and give the text back', () => {
  fc.assert(
    fc.property(sqlText, fc.boolean(), (text, standardConformingStrings) => {
      let end = 0;
      for (const token of tokenize(text, {standardConformingStrings})) {
        assert.equal(token.start, end);
        assert.ok(token.end > token.start);
        end = token.end;
      }
      assert.equal(end, text.length);
    }),
  );
});

test('a text that ends with a line break reads the same with more text after it', () => {
  fc.assert(
    fc.property(sqlText, sqlText, (before, after) => {
      const tokens = tokenize(`${before}\n`);
      const last = tokens.at(-1);
      // A string or comment left open goes on, white space too, and a string may be continued.
      fc.pre(last?.kind === 'whitespace' && !after.startsWith("'") && !/^[\s-]/.test(after));
      assert.deepEqual(tokenize(`${before}\n${after}`).slice(0, tokens.length), tokens);
    }),
  );
});

test('long runs of what could be read twice take time in proportion to their length', () => {
  // Counts the characters looked at instead of the time: a string that counts its own reads.
  for (const piece of [
    '+',
    "'a' ",
    '$a',
    '$a$ $$',
    '/*',
    "E'\\",
    '"" ',
    "''\n",
    '--\n',
    '1e+',
    '((',
  ]) {
    const [short, long] = [200, 2000].map((count) => readsOf(piece.repeat(count)));
    assert.ok(short !== undefined && long !== undefined && long < short * 20, piece);
  }
});

/** How often the lexer reads a character of the text, searches counted by what they pass over. */
function readsOf(text: string): number {
  // oxlint-disable-next-line typescript/unbound-method -- called with the text as `this` below
  const {charCodeAt, indexOf} = String.prototype;
  let reads = 0;
  Object.assign(String.prototype, {
    charCodeAt(this: string, index: number): number {
      reads++;
      return charCodeAt.call(this, index);
    },
    indexOf(this: string, what: string, from = 0): number {
      const found = indexOf.call(this, what, from);
      reads += (found === -1 ? this.length : found) - from + what.length;
      return found;
    },
  });
  try {
    tokenize(text);
  } finally {
    Object.assign(String.prototype, {charCodeAt, indexOf});
  }
  return reads;
}
