import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {LsnClock} from './lsn-clock';

test('an idle cluster is not behind, however long nothing is written', () => {
  const clock = new LsnClock();
  for (let at = 0; at < 600_000; at += 250) clock.sample(100n, at);
  assert.equal(clock.lagMilliseconds(100n, 600_000), 0);
});

test('a replica that stands still is behind since the first write that it has not seen', () => {
  const clock = new LsnClock();
  clock.sample(100n, 0);
  clock.sample(100n, 250);
  clock.sample(110n, 500);
  clock.sample(120n, 750);
  assert.equal(clock.lagMilliseconds(100n, 2000), 1500);
  assert.equal(clock.lagMilliseconds(110n, 2000), 1250);
  assert.equal(clock.lagMilliseconds(119n, 2000), 1250);
  assert.equal(clock.lagMilliseconds(120n, 2000), 0);
  assert.equal(clock.lagMilliseconds(500n, 2000), 0);
});

test('a replica behind everything that is known is behind for who knows how long', () => {
  const clock = new LsnClock();
  clock.sample(100n, 0);
  assert.equal(clock.lagMilliseconds(99n, 10), Number.POSITIVE_INFINITY);
});

test('without a look at the primary nothing is known', () => {
  const clock = new LsnClock();
  assert.equal(clock.lagMilliseconds(1n, 0), undefined);
  clock.sample(100n, 0);
  clock.reset();
  assert.equal(clock.lagMilliseconds(100n, 1), undefined);
});

test('it says no less than the truth between two looks, and not much more, however long it runs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 0, max: 3}), {minLength: 3000, maxLength: 6000}),
      fc.nat(),
      (writes, pick) => {
        const clock = new LsnClock();
        let lsn = 0n;
        const history: bigint[] = [];
        for (const [tick, written] of writes.entries()) {
          lsn += BigInt(written);
          history.push(lsn);
          clock.sample(lsn, tick * 250);
        }
        const now = writes.length * 250;
        // A replica that has seen all up to a recent moment.
        const seenTick = writes.length - 1 - (pick % 400);
        const replayed = history[seenTick] ?? 0n;
        const lag = clock.lagMilliseconds(replayed, now);
        const missing = history.findIndex((position) => position > replayed);
        const truth = missing === -1 ? 0 : now - missing * 250;
        assert.equal(lag, truth);
      },
    ),
    {numRuns: 20},
  );
});
