import assert from 'node:assert/strict';
import {test} from 'node:test';
import {renumberParameters} from './renumber-parameters';

for (const [text, renumbered, valueIndexes] of [
  ['select 1', 'select 1', []],
  ['select $1, $2', 'select $1, $2', [0, 1]],
  ['select $3, $5', 'select $1, $2', [2, 4]],
  ['select $5, $3', 'select $1, $2', [4, 2]],
  ['select $4, $2, $4', 'select $1, $2, $1', [3, 1]],
  [`select '$7', $$ $8 $$, "$9", $2 -- $3`, `select '$7', $$ $8 $$, "$9", $1 -- $3`, [1]],
  ['select a$1, $2', 'select a$1, $1', [1]],
] as const) {
  test(`${text} stands alone as ${renumbered}`, () => {
    assert.deepEqual(renumberParameters(text), {text: renumbered, valueIndexes});
  });
}
