import assert from 'node:assert/strict';
import {test} from 'node:test';
import {FlushQueue} from './flush-queue';

function queueWithTurns() {
  const turns: (() => void)[] = [];
  return {queue: new FlushQueue((flush) => turns.push(flush)), turns};
}

test('everything that is added in one turn is flushed by one call, in order', () => {
  const {queue, turns} = queueWithTurns();
  const flushed: string[] = [];
  for (const name of ['a', 'b', 'c']) queue.add({flush: () => flushed.push(name)});
  assert.equal(turns.length, 1);
  assert.deepEqual(flushed, []);
  turns.shift()?.();
  assert.deepEqual(flushed, ['a', 'b', 'c']);
});

test('what is added while flushing waits for the next turn', () => {
  const {queue, turns} = queueWithTurns();
  const flushed: string[] = [];
  const again = {
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
