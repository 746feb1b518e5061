import assert from 'node:assert/strict';
import {test} from 'node:test';
import {codeFrame} from './code-frame';

test('the offending word is underlined', () => {
  assert.equal(
    codeFrame('SELECT * FROM missing_table', 15),
    '> 1 | SELECT * FROM missing_table\n    |               ^^^^^^^^^^^^^',
  );
});

test('a quoted identifier is underlined with its quotes', () => {
  assert.equal(codeFrame('SELECT "a b"', 8), '> 1 | SELECT "a b"\n    |        ^^^^^');
});

test('two lines above and three below are shown', () => {
  const text = ['a', 'b', 'c', 'oops', 'e', 'f', 'g', 'h'].join('\n');
  assert.equal(
    codeFrame(text, 7),
    ['  2 | b', '  3 | c', '> 4 | oops', '    | ^^^^', '  5 | e', '  6 | f', '  7 | g'].join('\n'),
  );
});

test('characters are counted as the server counts them, so the caret stands right behind an emoji', () => {
  assert.equal(
    codeFrame("SELECT '😀', nope", 13),
    "> 1 | SELECT '😀', nope\n    |             ^^^^",
  );
});

test('a position behind the end points behind the last character', () => {
  assert.equal(codeFrame('SELECT', 7), '> 1 | SELECT\n    |       ^');
});

test('a very long line is cut around the caret', () => {
  const frame = codeFrame(`SELECT ${'1,'.repeat(500)} nope ${',2'.repeat(500)}`, 1009);
  const [line, caret] = frame.split('\n');
  assert.ok(line !== undefined && caret !== undefined);
  assert.ok(line.length < 180);
  assert.equal(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1), 'nope');
});
