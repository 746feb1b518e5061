import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseResults} from './result';
import {resultsOf, runOf} from './run.test.support';

test('results are read as they were written, with what could not be measured missing', () => {
  const results = resultsOf([runOf('ours', {figures: {growthBytes: 1}}), runOf('bun')]);
  assert.deepEqual(parseResults(JSON.stringify(results)), results);
  const elsewhere = resultsOf([runOf('ours', {serverMicroseconds: undefined})]);
  const [run] = parseResults(JSON.stringify(elsewhere)).runs;
  assert.equal(run?.serverMicroseconds, undefined);
});

test('what is not the results of this bench is refused', () => {
  const {figures: _, ...older} = runOf('ours');
  for (const value of [null, [], {}, {...resultsOf([]), machine: null}]) {
    assert.throws(() => parseResults(JSON.stringify(value)), /no results/);
  }
  assert.throws(
    () => parseResults(JSON.stringify({...resultsOf([]), runs: [older]})),
    /no results/,
  );
});
