import assert from 'node:assert/strict';
import {test} from 'node:test';
import {goals} from './goals';
import type {Goal} from './goals';
import {judge, judgementTable} from './judge';
import {resultsOf, runOf} from './run.test.support';

/** Three rounds; the machine is twice as fast in the second one. */
function threeRounds(peer: string, operationsPerSecond: number) {
  return [1, 2, 1].map((factor, round) =>
    runOf(peer, {round, operationsPerSecond: operationsPerSecond * factor}),
  );
}

const results = resultsOf([
  ...threeRounds('ours', 300),
  ...threeRounds('postgres', 100),
  ...threeRounds('pg-named', 150),
  ...threeRounds('bun', 400),
  ...threeRounds('psql', 600),
]);

function speed(times: number, than: 'Node peers' | 'peers' | readonly string[]): Goal {
  return {workload: 'point', measure: 'operationsPerSecond', target: {times, than}};
}

test('what counts is the best of those that are named', () => {
  const times = {median: 2, least: 2, most: 2};
  assert.deepEqual(judge(speed(2, 'Node peers'), results), {
    verdict: 'met',
    rival: 'pg-named',
    times,
  });
  assert.equal(judge(speed(2.01, 'Node peers'), results).verdict, 'not met');
  assert.equal(judge(speed(3, ['postgres']), results).verdict, 'met');
});

test('peers of another runtime are not among the Node peers, and psql is none at all', () => {
  const all = judge(speed(1, 'peers'), results);
  assert.ok('rival' in all);
  assert.deepEqual([all.verdict, all.rival, all.times.median], ['not met', 'bun', 0.75]);
  const floor = judge(speed(1 / 1.3, ['psql']), results);
  assert.ok('rival' in floor);
  assert.deepEqual([floor.verdict, floor.times.median], ['not met', 0.5]);
});

function growing(peer: string, sizes: readonly number[]) {
  return sizes.map((growthBytes, round) => runOf(peer, {round, figures: {growthBytes}}));
}

test('a limit is held against the median of ours alone', () => {
  const goal: Goal = {workload: 'point', measure: 'growthBytes', target: {atMost: 10}};
  const runs = [...growing('ours', [9, 11, 10]), ...growing('postgres', [1, 1, 1])];
  assert.deepEqual(judge(goal, resultsOf(runs)), {verdict: 'met', value: 10});
  const larger = judge(goal, resultsOf(growing('ours', [9, 11, 12])));
  assert.deepEqual(larger, {verdict: 'not met', value: 11});
});

test('a goal without its rivals, or without its figure, is neither met nor missed', () => {
  assert.deepEqual(judge(speed(1, ['postgrejs']), results), {verdict: 'not measured'});
  const noFigure: Goal = {workload: 'point', measure: 'growthBytes', target: {atMost: 1}};
  assert.deepEqual(judge(noFigure, results), {verdict: 'not measured'});
});

test('the table says of each goal of a measured workload whether it is met, with the figure', () => {
  const lines = judgementTable(
    [speed(2.5, 'Node peers'), {...speed(1, 'peers'), workload: 'tx'}],
    results,
  );
  assert.equal(lines.length, 3);
  assert.match(
    lines[2] ?? '',
    /point\s+\| ops\/s 2\.50 × the best of the Node peers\s+\| not met\s+\| 2\.00 \(2\.00–2\.00\) × pg-named/,
  );
  assert.deepEqual(judgementTable([{...speed(1, 'peers'), workload: 'tx'}], results), []);
});

test('beside what was found stands what the floors reach against the same rival', () => {
  const [, , line] = judgementTable([speed(2.5, 'Node peers')], results);
  assert.match(line ?? '', /2\.00 \(2\.00–2\.00\) × pg-named \| 4\.00 psql/);
  const [, , ofFloor] = judgementTable([speed(1 / 1.3, ['psql'])], results);
  assert.doesNotMatch(ofFloor ?? '', /1\.00 psql/);
});

test('the goals of the bench are all written out', () => {
  const limits = judgementTable(
    goals,
    resultsOf(
      [...new Set(goals.map(({workload}) => workload))].map((workload) =>
        runOf('ours', {workload}),
      ),
    ),
  );
  assert.equal(limits.length, goals.length + 2);
  assert.ok(limits.some((line) => line.includes('growth at most 30.5 MiB')));
});

function around(atMostTimes: number): Goal {
  const target = {atMostTimes, than: ['ours-cluster']};
  return {workload: 'point', measure: 'operationsPerSecond', target};
}

test('what is put around ours may cost so much and no more', () => {
  const both = resultsOf([...threeRounds('ours', 300), ...threeRounds('ours-cluster', 250)]);
  assert.equal(judge(around(1.2), both).verdict, 'met');
  assert.equal(judge(around(1.19), both).verdict, 'not met');
  assert.equal(judge(around(1), results).verdict, 'not measured');
});
