import assert from 'node:assert/strict';
import {test} from 'node:test';
import {hotPlaces} from './hot-places';

const frame = (functionName: string) => ({functionName, url: '', lineNumber: 0, columnNumber: 0});

test('adds up the self time of a function over everywhere it was called from', () => {
  const profile = {
    nodes: [
      {id: 1, callFrame: frame('main')},
      {id: 2, callFrame: frame('decode')},
      {id: 3, callFrame: frame('decode')},
    ],
    samples: [1, 2, 3, 2],
    timeDeltas: [10, 20, 30, 5],
  };
  assert.deepEqual(
    hotPlaces(profile, ({functionName}) => functionName),
    [
      {place: 'decode', microseconds: 55},
      {place: 'main', microseconds: 10},
    ],
  );
});
