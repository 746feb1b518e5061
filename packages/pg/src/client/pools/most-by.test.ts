import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {mostBy} from './most-by';

test('what comes is what stands first once all are sorted', () => {
  const items = fc.array(fc.record({size: fc.nat(9), name: fc.nat()}));
  fc.assert(
    fc.property(items, fc.nat(12), (all, most) => {
      const sorted = all.toSorted((one, other) => other.size - one.size);
      assert.deepEqual(
        mostBy(all, most, ({size}) => size),
        sorted.slice(0, most),
      );
    }),
  );
});
