import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Backoff} from './backoff';

function pauses(random: number, count: number): number[] {
  const backoff = new Backoff(() => random);
  return Array.from({length: count}, () => {
    backoff.failed();
    return backoff.pause;
  });
}

test('nothing waits before anything has failed', () => {
  assert.equal(new Backoff(() => 0).pause, 0);
});

test('pauses double up to a second and are up to half random', () => {
  assert.deepEqual(pauses(0, 7), [50, 100, 200, 400, 800, 1000, 1000]);
  assert.deepEqual(pauses(0.999_999, 7), [26, 51, 101, 201, 401, 501, 501]);
});

test('a connection that lived is a new start, one that broke at once is another failure', () => {
  const backoff = new Backoff(() => 0);
  backoff.lost(60_000);
  assert.equal(backoff.pause, 50);
  backoff.lost(10);
  backoff.lost(10);
  assert.equal(backoff.pause, 200);
  backoff.lost(60_000);
  assert.equal(backoff.pause, 50);
});
