import assert from 'node:assert/strict';
import {test} from 'node:test';
import {report} from './report';
import type {Results, RunResult} from './result';

function run(peer: string, round: number, operationsPerSecond: number): RunResult {
  return {
    round,
    workload: 'point',
    peer,
    operations: operationsPerSecond,
    loopedOperations: operationsPerSecond,
    seconds: 1,
    operationsPerSecond,
    clientMicroseconds: 100_000 / operationsPerSecond,
    clientSystemMicroseconds: 40_000 / operationsPerSecond,
    p50Milliseconds: 1.234,
    p99Milliseconds: 5.678,
    maxResidentBytes: 64 * 1024 * 1024,
    lifetimeSeconds: 1,
    figures: {},
    serverMicroseconds: 25,
    othersCores: 0.25,
  };
}

const results: Results = {
  machine: {
    date: '2026-01-02T03:04:05.000Z',
    cpu: 'Some CPU',
    cores: 2,
    memoryBytes: 1,
    system: 'Linux',
    node: 'v20',
    loadAverage: 0,
  },
  postgres: '18.4',
  rounds: 2,
  seconds: 1,
  workloads: {point: 'select by primary key'},
  peers: {ours: '**ours**', other: 'other 1.0'},
  runs: [
    run('ours', 0, 30_000),
    run('other', 0, 10_000),
    run('other', 1, 30_000),
    run('ours', 1, 60_000),
  ],
};

test('a ratio is made within each round, and its spread is told', () => {
  const line = report(results)
    .split('\n')
    .find((text) => text.includes('other 1.0'));
  // 3 in round 0 and 2 in round 1; the medians of the absolute speeds would have given 2.25.
  assert.equal(
    line,
    '| other 1.0 | 20,000 | 2.50 (2.00–3.00) | 6.67 (40 %) | 2.50 (2.00–3.00) | 25.0 | 1.23 | 5.68 | 64.0 |',
  );
});

test('machine, versions and what others did come with the numbers', () => {
  const text = report(results);
  for (const part of [
    '2026-01-02',
    'Some CPU',
    '2 cores',
    'Node v20',
    'Postgres 18.4',
    '0.3 cores',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('without ours there are no ratios', () => {
  const alone = {...results, runs: results.runs.filter(({peer}) => peer !== 'ours')};
  assert.match(report(alone), /\| other 1\.0 \| 20,000 \|  \| 6\.67 \(40 %\) \|  \|/);
});
