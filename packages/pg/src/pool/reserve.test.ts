import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {reserveLimits} from './lane-policy';
import {Reserve} from './reserve';

/** Lets time pass while work comes that would keep so many resources busy, and looks every 10 ms. */
function pass(
  reserve: Reserve,
  from: number,
  milliseconds: number,
  {busy = 0, leased = 0}: {busy?: number; leased?: number},
): number {
  for (let now = from; now < from + milliseconds; now += 10) {
    if (reserve.isDue(now)) reserve.adjust(now, leased);
    reserve.arrived(busy * 10);
  }
  return from + milliseconds;
}

test('until something is known, the reserve is as large as it may be', () => {
  assert.deepEqual(
    [1, 2, 10, 20].map((max) => new Reserve(max).size),
    [0, 1, 2, 4],
  );
});

test('where short work needs little, one less is kept free within a second', () => {
  const reserve = new Reserve(10);
  pass(reserve, 0, 1000, {busy: 0.3});
  assert.equal(reserve.size, 1);
});

test('where it needs more than one can give, another is kept free before a quarter of a second is over', () => {
  const reserve = new Reserve(10);
  const now = pass(reserve, 0, 1000, {busy: 0.2});
  pass(reserve, now, 250, {busy: 1.2});
  assert.equal(reserve.size, 2);
});

test('one resource is enough for work that keeps it busy for half of the time, and the size then stays what it is', () => {
  for (const before of [0.1, 2]) {
    const reserve = new Reserve(10);
    let now = pass(reserve, 0, 2000, {busy: before});
    const {size} = reserve;
    for (const busy of [0.5, 0.58, 0.47, 0.55]) {
      now = pass(reserve, now, 1000, {busy});
      assert.equal(reserve.size, size, `after ${before}, at ${busy}`);
    }
  }
});

test('a burst of a few milliseconds changes nothing', () => {
  const reserve = new Reserve(10);
  let now = pass(reserve, 0, 1000, {busy: 0.1});
  reserve.arrived(50);
  for (let look = 0; look < 10; look++) {
    now = pass(reserve, now, 50, {busy: 0.1});
    assert.equal(reserve.size, 1);
  }
});

test('a resource that is leased is needed whole', () => {
  const reserve = new Reserve(10);
  const now = pass(reserve, 0, 1000, {leased: 1});
  assert.equal(reserve.size, 2);
  pass(reserve, now, 1000, {});
  assert.equal(reserve.size, 1);
});

test('after a long silence the last need is forgotten', () => {
  const reserve = new Reserve(10);
  const now = pass(reserve, 0, 1000, {busy: 2});
  reserve.adjust(now + 3_600_000, 0);
  assert.equal(reserve.size, 1);
});

test('whatever comes and however time goes, the size stays within its limits, and more need never means less of it', () => {
  const window = fc.record({
    elapsed: fc.integer({min: 0, max: 2000}),
    expected: fc.double({min: 0, max: 5000, noNaN: true}),
    more: fc.double({min: 0, max: 5000, noNaN: true}),
    leased: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.integer({min: 1, max: 100}), fc.array(window), (max, windows) => {
      const [one, other] = [new Reserve(max), new Reserve(max)];
      const {least, most} = reserveLimits(max);
      let now = 0;
      for (const {elapsed, expected, more, leased} of windows) {
        one.arrived(expected);
        other.arrived(expected + more);
        now += elapsed;
        // Both look at the same moments.
        if (one.isDue(now)) {
          one.adjust(now, leased);
          other.adjust(now, leased);
        }
        assert.ok(one.size >= least && one.size <= most);
        assert.ok(other.size >= one.size);
      }
    }),
  );
});
