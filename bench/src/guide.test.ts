import assert from 'node:assert/strict';
import {test} from 'node:test';
import {beginMark, endMark, goalsSection, guidePlot, guideSection, updatePage} from './guide';
import {resultsOf, runOf} from './run.test.support';

const results = resultsOf([
  runOf('ours', {operationsPerSecond: 300, clientMicroseconds: 10}),
  runOf('postgres', {operationsPerSecond: 100, clientMicroseconds: 50}),
  runOf('pg-named', {operationsPerSecond: 150, clientMicroseconds: 60}),
  runOf('databases-pg', {operationsPerSecond: 50, clientMicroseconds: 70}),
  runOf('bun', {operationsPerSecond: 600, clientMicroseconds: 5}),
  runOf('ours', {workload: 'idle-memory', figures: {rssBytesPerConnection: 10}}),
  runOf('postgres', {workload: 'idle-memory', figures: {rssBytesPerConnection: 40}}),
]);

function rowsOf(section: string, workload: string): string[][] {
  return section
    .split('\n')
    .filter((line) => line.startsWith(`| ${workload} `))
    .map((line) =>
      line
        .split('|')
        .slice(2, -1)
        .map((content) => content.trim()),
    );
}

test('the tables say of every peer how many times as fast ours is, and how much less CPU it needs', () => {
  const section = guideSection(results);
  assert.deepEqual(rowsOf(section, 'point'), [
    ['3.00', '2.00', '6.00', '0.50'],
    ['5.00', '6.00', '7.00', '0.50'],
  ]);
});

test('the page of the goals says where the numbers come from, and of each goal whether it is met', () => {
  const section = goalsSection(results);
  assert.match(section, /Some CPU, 2 cores/);
  assert.match(section, /\| point +\| ops\/s 2\.50 × postgres +\| met +\| 3\.00/);
  assert.match(section, /\| point +\| ops\/s 1\.00 × bun +\| not met +\| 0\.50/);
});

test('a workload is compared by what it is about', () => {
  const [memory] = rowsOf(guideSection(results), 'idle-memory');
  assert.deepEqual(memory, ['4.00', '–', '–', '–']);
});

test('a peer that ran nothing has no column', () => {
  const section = guideSection({...results, peers: {...results.peers, psql: 'psql'}});
  assert.ok(!section.includes('psql'));
  assert.ok(section.includes('| bun 1.0 |'));
});

test('a ratio on whose side the rounds disagree is marked', () => {
  const rounds = [0.9, 1.1, 1.2].flatMap((times, round) => [
    runOf('ours', {round, operationsPerSecond: 100 * times}),
    runOf('postgres', {round, operationsPerSecond: 100}),
  ]);
  assert.deepEqual(rowsOf(guideSection(resultsOf(rounds)), 'point')[0], ['≈ 1.10']);
});

test('the plot has the best peer for Node, Bun, and the published version', () => {
  const svg = guidePlot(results);
  const bars = [...svg.matchAll(/class="figure"[^>]*>([^<]*)</g)].map(([, label]) => label);
  assert.deepEqual(bars, [
    '2.00 × pg-named 1.0',
    '0.50 × bun 1.0',
    '6.00 × databases-pg 1.0',
    '4.00 × postgres 1.0',
  ]);
  assert.ok(svg.includes('memory per connection'));
});

test('a short run says so, in the page and in the plot', () => {
  const short = {...results, rounds: 1, seconds: 0.3};
  assert.match(guideSection(short), /A short run \(1 × 0\.3 s\)/);
  assert.match(guidePlot(short), /A short run/);
  assert.doesNotMatch(guideSection(results), /short run/);
  assert.doesNotMatch(guidePlot(results), /short run/);
});

test('only what stands between the marks is replaced', () => {
  const page = `# Title\n\n${beginMark}\n\nold\n\n${endMark}\n\nmore\n`;
  assert.equal(
    updatePage(page, 'new $& section'),
    `# Title\n\n${beginMark}\n\nnew $& section\n\n${endMark}\n\nmore\n`,
  );
  assert.throws(() => updatePage(`${endMark} ${beginMark}`, 'new'), /lacks/);
  assert.throws(() => updatePage('# Title', 'new'), /lacks/);
});
