import assert from 'node:assert/strict';
import {test} from 'node:test';
import {NodeHealth} from './node-phase';

test('a node serves when its first probe finds it caught up, not before', () => {
  const health = new NodeHealth();
  assert.equal(health.serves, false);
  health.hear('caughtUp', 10);
  assert.equal(health.serves, true);
  assert.equal(health.servingSince, 10);
});

test('one lost probe ejects nobody, three in a row do', () => {
  const health = new NodeHealth();
  health.hear('caughtUp', 0);
  health.hear('missed', 1);
  health.hear('missed', 2);
  assert.equal(health.phase, 'suspect');
  assert.equal(health.serves, true);
  health.hear('caughtUp', 3);
  assert.equal(health.servingSince, 0);
  for (const now of [4, 5, 6]) health.hear('missed', now);
  assert.equal(health.phase, 'ejected');
  assert.equal(health.serves, false);
});

test('a broken socket ejects at once; an answer brings back', () => {
  const health = new NodeHealth();
  health.hear('caughtUp', 0);
  health.hear('broke', 1);
  assert.equal(health.serves, false);
  health.hear('missed', 2);
  assert.equal(health.phase, 'ejected');
  health.hear('behind', 3);
  assert.equal(health.phase, 'lagging');
  assert.equal(health.serves, false);
  health.hear('caughtUp', 4);
  assert.equal(health.servingSince, 4);
});
