import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isMeasurement} from './measurement';

const whole = {
  operations: 1,
  loopedOperations: 1,
  seconds: 1,
  operationsPerSecond: 1,
  clientMicroseconds: 1,
  clientSystemMicroseconds: 1,
  p50Milliseconds: 1,
  p99Milliseconds: 1,
  maxResidentBytes: 1,
  lifetimeSeconds: 1,
  garbageCollectionShare: 0.1,
  figures: {growthBytes: 1},
};

test('a measurement has every number, and none that JSON could not write', () => {
  assert.ok(isMeasurement(whole));
  assert.ok(isMeasurement({...whole, figures: {}}));
  const {garbageCollectionShare: _, ...underBun} = whole;
  assert.ok(isMeasurement(underBun));

  assert.ok(!isMeasurement({...whole, p99Milliseconds: null}));
  assert.ok(!isMeasurement({...whole, garbageCollectionShare: null}));
  assert.ok(!isMeasurement({...whole, figures: {growthBytes: null}}));
  assert.ok(!isMeasurement({...whole, figures: undefined}));
  assert.ok(!isMeasurement(null));
});
