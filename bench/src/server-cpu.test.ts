import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseChildrenTicks} from './server-cpu';

test('reads the time of ended children, whatever the name of the process', () => {
  const stat = '4711 (post) gres) S 1 2 3 0 -1 4194560 5 6 7 8 11 12 130 40 20 0 1 0';
  assert.deepEqual(parseChildrenTicks(stat), {user: 130, system: 40});
});
