import assert from 'node:assert/strict';
import {test} from 'node:test';
import {joinResults} from './join-results';
import {resultsOf, runOf} from './run.test.support';

function wholeRun(round: number) {
  return {...resultsOf([runOf('ours', {round}), runOf('bun', {round})]), rounds: 1};
}

test('whole runs become one run with the rounds of all', () => {
  const joined = joinResults([wholeRun(0), wholeRun(1), wholeRun(2)]);
  assert.equal(joined.rounds, 3);
  assert.deepEqual(
    joined.runs.map(({round, peer}) => [round, peer]),
    [0, 1, 2].flatMap((round) => [
      [round, 'ours'],
      [round, 'bun'],
    ]),
  );
  assert.deepEqual(joinResults([wholeRun(4)]), wholeRun(4));
});

test('the same round twice is refused, with what to do', () => {
  assert.throws(
    () => joinResults([wholeRun(0), wholeRun(0)]),
    /both have a round 0: --first-round/,
  );
});

test('runs that cannot be compared are refused', () => {
  const {machine} = wholeRun(1);
  const unlike = {
    'seconds of a run': {seconds: 2},
    'version of Postgres': {postgres: '17.6'},
    'version of Node': {machine: {...machine, node: 'v22'}},
    processor: {machine: {...machine, cpu: 'Another'}},
    'peers or their versions': {peers: {ours: '**ours**', bun: 'bun 2.0'}},
    workloads: {workloads: {point: 'something else'}},
  };
  for (const [what, given] of Object.entries(unlike)) {
    const message = new RegExp(`cannot be joined: they differ in the ${what}`);
    assert.throws(() => joinResults([wholeRun(0), {...wholeRun(1), ...given}]), message);
  }
});
