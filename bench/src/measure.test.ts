import assert from 'node:assert/strict';
import {test} from 'node:test';
import {advantages} from './measure';
import {runOf} from './run.test.support';

test('ours is better by having more per second, or less of everything else', () => {
  const runs = [
    runOf('ours', {round: 0, operationsPerSecond: 30, clientMicroseconds: 10}),
    runOf('peer', {round: 0, operationsPerSecond: 10, clientMicroseconds: 40}),
  ];
  assert.deepEqual(advantages(runs, 'point', 'peer', 'operationsPerSecond'), [3]);
  assert.deepEqual(advantages(runs, 'point', 'peer', 'clientMicroseconds'), [4]);
});

test('the figures of a workload compare likewise, by their names', () => {
  const runs = [
    runOf('ours', {figures: {fastP99Milliseconds: 2, completedPerSecond: 2000}}),
    runOf('peer', {figures: {fastP99Milliseconds: 9, completedPerSecond: 1000}}),
  ];
  assert.deepEqual(advantages(runs, 'point', 'peer', 'fastP99Milliseconds'), [4.5]);
  assert.deepEqual(advantages(runs, 'point', 'peer', 'completedPerSecond'), [2]);
});

test('there is no comparison with nothing', () => {
  const runs = [
    runOf('ours', {round: 0, figures: {growthBytes: -4096}}),
    runOf('peer', {round: 0, figures: {growthBytes: 4096}}),
    runOf('ours', {round: 1, figures: {growthBytes: 1}}),
    runOf('peer', {round: 1, figures: {}}),
  ];
  assert.deepEqual(advantages(runs, 'point', 'peer', 'growthBytes'), []);
  assert.deepEqual(advantages(runs, 'rows', 'peer', 'operationsPerSecond'), []);
  assert.deepEqual(advantages(runs, 'point', 'another', 'operationsPerSecond'), []);
});
