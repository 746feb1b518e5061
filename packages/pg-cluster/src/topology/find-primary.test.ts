import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findPrimary} from './find-primary';
import type {NodeReport} from './find-primary';

const report = (node: string, timeline: number, inRecovery: boolean): NodeReport<string> => ({
  node,
  systemId: '7',
  timeline,
  inRecovery,
});

test('the node that is not in recovery is the primary', () => {
  assert.deepEqual(findPrimary([report('a', 1, false), report('b', 1, true)], 0), {
    kind: 'found',
    primary: 'a',
    timeline: 1,
    stale: [],
  });
});

test('after a failover the higher timeline is right, and the ex-primary is stale', () => {
  assert.deepEqual(findPrimary([report('old', 1, false), report('new', 2, false)], 1), {
    kind: 'found',
    primary: 'new',
    timeline: 2,
    stale: ['old'],
  });
});

test('an ex-primary that comes back alone is not believed', () => {
  assert.deepEqual(findPrimary([report('old', 1, false)], 2), {kind: 'none'});
});

test('a standby that follows a newer primary shows that the one we see was replaced', () => {
  assert.deepEqual(findPrimary([report('old', 1, false), report('standby', 2, true)], 1), {
    kind: 'none',
  });
});

test('two primaries on one timeline are a split brain', () => {
  assert.deepEqual(findPrimary([report('a', 2, false), report('b', 2, false)], 1), {
    kind: 'splitBrain',
    primaries: ['a', 'b'],
    timeline: 2,
  });
});

test('standbys alone are no primary', () => {
  assert.deepEqual(findPrimary([report('a', 1, true), report('b', 1, true)], 1), {kind: 'none'});
  assert.deepEqual(findPrimary([], 0), {kind: 'none'});
});
