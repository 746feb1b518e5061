import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {hasReplacement, writeLargeText} from './large-text';

/** Gives exactly what is asked for, so that every step ends in the midst of the text. */
function encode(text: string): {utf8: Buffer; steps: number} {
  const parts: Uint8Array[] = [];
  let room = new Uint8Array(0);
  writeLargeText(text, {
    roomFor: (sizeBytes) => (room = new Uint8Array(sizeBytes)),
    wrote: (sizeBytes) => {
      parts.push(room.subarray(0, sizeBytes));
    },
  });
  return {utf8: Buffer.concat(parts), steps: parts.length};
}

test('text is written as UTF-8 wherever the room ends', () => {
  const pieces = fc.array(
    fc.tuple(fc.constantFrom('a', 'é', '€', '😀', '\uFFFD'), fc.integer({min: 1, max: 300})),
    {maxLength: 12},
  );
  fc.assert(
    fc.property(pieces, (runs) => {
      const text = runs.map(([character, count]) => character.repeat(count)).join('');
      assert.equal(encode(text).utf8.toString(), text);
    }),
    {numRuns: 200},
  );
});

test('ASCII takes one step, other text few: the first tells how wide its characters are', () => {
  assert.equal(encode('x'.repeat(100_000)).steps, 1);
  assert.ok(encode('日本語'.repeat(40_000)).steps <= 3);
  assert.ok(encode('x'.repeat(50_000) + '😀'.repeat(20_000)).steps <= 12);
});

test('half a surrogate pair shows in the bytes', () => {
  assert.equal(hasReplacement(encode(`${'é'.repeat(99)}\ud83d`).utf8), true);
  assert.equal(hasReplacement(encode('😀'.repeat(99)).utf8), false);
});
