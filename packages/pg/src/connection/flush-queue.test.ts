import assert from 'node:assert/strict';
import {test} from 'node:test';
import {FlushQueue} from './flush-queue';

function queueWithTurns() {
  const soon: (() => void)[] = [];
  const turns: (() => void)[] = [];
  const queue = new FlushQueue({
    soon: (flush) => soon.push(flush),
    endOfTurn: (flush) => turns.push(flush),
  });
  return {queue, soon, turns};
}

test('everything that is added in one turn is flushed by one call, in order', () => {
  const {queue, turns} = queueWithTurns();
  queue.busy = 2;
  const flushed: string[] = [];
  for (const name of ['a', 'b', 'c']) queue.add({inFlight: 1, flush: () => flushed.push(name)});
  assert.equal(turns.length, 1);
  assert.deepEqual(flushed, []);
  turns.shift()?.();
  assert.deepEqual(flushed, ['a', 'b', 'c']);
});

test('what is added while flushing waits for the next turn', () => {
  const {queue, turns} = queueWithTurns();
  queue.busy = 2;
  const flushed: string[] = [];
  const again = {
    inFlight: 1,
    flush: () => {
      flushed.push('again');
      if (flushed.length < 3) queue.add(again);
    },
  };
  queue.add(again);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(turns.length, 1);
    turns.shift()?.();
    assert.equal(flushed.length, turn + 1);
  }
  assert.equal(turns.length, 0);
});

test('where one query at a time is at work nothing is gained by waiting for the end of the turn', () => {
  const {queue, soon, turns} = queueWithTurns();
  const flushed: string[] = [];
  const flushable = (name: string, inFlight: number) => ({
    inFlight,
    flush: () => flushed.push(name),
  });
  queue.busy = 1;
  queue.add(flushable('only', 1));
  assert.deepEqual([soon.length, turns.length], [1, 0]);
  // Others that come before the flush go with it.
  queue.busy = 2;
  queue.add(flushable('other', 3));
  soon.shift()?.();
  assert.deepEqual(flushed, ['only', 'other']);
});

for (const {busy, inFlight} of [
  {busy: 2, inFlight: 1},
  {busy: 1, inFlight: 2},
]) {
  test(`${busy} connections at work and ${inFlight} queries in flight wait for the end of the turn`, () => {
    const {queue, soon, turns} = queueWithTurns();
    queue.busy = busy;
    queue.add({inFlight, flush: () => undefined});
    assert.deepEqual([soon.length, turns.length], [0, 1]);
  });
}
