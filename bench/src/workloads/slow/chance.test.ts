import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Chance} from './chance';

const draw = (seed: number, count: number) => {
  const chance = new Chance(seed);
  return Array.from({length: count}, () => chance.next());
};

test('the same seed gives the same numbers, another seed gives others', () => {
  assert.deepEqual(draw(1, 10), draw(1, 10));
  assert.notDeepEqual(draw(1, 10), draw(2, 10));
});

test('about one in a hundred is below 0.01, and they come in clumps', () => {
  const hits = draw(42, 100_000).flatMap((value, index) => (value < 0.01 ? [index] : []));
  assert.ok(hits.length > 900 && hits.length < 1100, String(hits.length));
  const gaps = hits.slice(1).map((hit, index) => hit - (hits[index] ?? 0));
  assert.ok(Math.min(...gaps) < 5 && Math.max(...gaps) > 300);
});
