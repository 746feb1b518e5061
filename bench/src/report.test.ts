import assert from 'node:assert/strict';
import {test} from 'node:test';
import {report} from './report';
import {resultsOf, runOf} from './run.test.support';

function run(peer: string, round: number, operationsPerSecond: number) {
  const clientMicroseconds = 100_000 / operationsPerSecond;
  const clientSystemMicroseconds = 0.4 * clientMicroseconds;
  return runOf(peer, {round, operationsPerSecond, clientMicroseconds, clientSystemMicroseconds});
}

const results = resultsOf([
  run('ours', 0, 30_000),
  run('other', 0, 10_000),
  run('other', 1, 30_000),
  run('ours', 1, 60_000),
]);

/** The cells of the line that begins with `title`. */
function cells(text: string, title: string): string[] {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`| ${title}`));
  assert.ok(line, `no line of ${title} in\n${text}`);
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test('a ratio is made within each round, and its spread is told', () => {
  // 3 in round 0 and 2 in round 1; the medians of the absolute speeds would have given 2.25.
  assert.deepEqual(cells(report(results), 'other 1.0'), [
    'other 1.0',
    '20,000',
    '2.50 (2.00–3.00)',
    '6.67 (40 %)',
    '2.50 (2.00–3.00)',
    '25.0',
    '–',
    '1.23',
    '5.68',
    '64.0',
  ]);
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
  const alone = resultsOf(results.runs.filter(({peer}) => peer !== 'ours'));
  assert.deepEqual(cells(report(alone), 'other 1.0').slice(1, 5), [
    '20,000',
    '',
    '6.67 (40 %)',
    '',
  ]);
});

test('the share of garbage collection is that of the runtimes that tell it', () => {
  const shares = [0.01, 0.05, 0.02].map((garbageCollectionShare, round) =>
    runOf('ours', {round, garbageCollectionShare}),
  );
  const text = report(resultsOf([...shares, runOf('bun')]));
  assert.equal(cells(text, '**ours**')[6], '2.0 %');
  assert.equal(cells(text, 'bun 1.0')[6], '–');
});

function stream(peer: string, growthBytes: number) {
  return runOf(peer, {workload: 'stream', figures: {growthBytes}});
}

test('the figures of a workload are columns of its table alone', () => {
  const text = report(
    resultsOf([
      stream('ours', 8 * 1024 * 1024),
      stream('other', 24 * 1024 * 1024),
      runOf('ours', {workload: 'point'}),
    ]),
  );
  const [streamTable = '', pointTable = ''] = text.split('**point**');
  assert.ok(streamTable.includes('| growth MiB (÷ ours) |'));
  assert.ok(!pointTable.includes('growth'));
  assert.equal(cells(streamTable, '**ours**').at(-1), '8.00');
  assert.equal(cells(streamTable, 'other 1.0').at(-1), '24.0 (3.00)');
});

test('a workload that no chosen peer runs has no table', () => {
  const text = report({...results, workloads: {...results.workloads, insert: 'rows into a table'}});
  assert.ok(!text.includes('insert'));
});
