import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Patience} from './patience';

const interval = 250;

test('a node near by has the interval for its answer, and a suspected one less', () => {
  const patience = new Patience();
  patience.answered(20);
  assert.equal(patience.milliseconds(interval), 250);
  patience.late();
  assert.ok(patience.isPressing);
  assert.equal(patience.milliseconds(interval), 150);
  patience.late();
  assert.equal(patience.milliseconds(interval), 150);
  patience.late();
  assert.ok(!patience.isPressing, 'it is given up');
});

test('a node that never answered is asked with more and more patience, up to five seconds', () => {
  const patience = new Patience();
  const waits: number[] = [];
  for (let probe = 0; probe < 9; probe++) {
    waits.push(patience.milliseconds(interval));
    patience.late();
  }
  assert.deepEqual(waits, [250, 150, 150, 500, 1000, 2000, 4000, 5000, 5000]);
});

test('a distant node is held against its own answers, those that had to connect by themselves', () => {
  const patience = new Patience();
  patience.answered(1500);
  assert.equal(patience.milliseconds(interval), 3000, 'no answer on an open connection yet');
  patience.answered(300);
  assert.equal(patience.milliseconds(interval), 600);
  patience.late();
  assert.equal(patience.milliseconds(interval), 3000, 'it connects again');
});

test('a node that must be connected to has several round trips, however quick the first answer was', () => {
  const patience = new Patience();
  patience.answered(300);
  patience.answered(700);
  patience.answered(300);
  patience.late();
  assert.equal(patience.milliseconds(interval), 2400);
});

test('one slow answer is forgotten after some quick ones', () => {
  const patience = new Patience();
  patience.answered(10);
  patience.answered(900);
  for (let answer = 0; answer < 10; answer++) patience.answered(5);
  assert.equal(patience.milliseconds(interval), 250);
});

test('a refusal is no lateness', () => {
  const patience = new Patience();
  patience.late();
  patience.failed();
  assert.ok(!patience.isPressing);
  assert.equal(patience.milliseconds(interval), 250);
});

test('an interval of more than five seconds is waited for', () => {
  assert.equal(new Patience().milliseconds(10_000), 10_000);
});
