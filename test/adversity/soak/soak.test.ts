/** Ten seconds of the soak; `npm run soak -- 10m` is the whole of it. And the parts of it that judge. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {postgresVersion} from '../../support/server';
import {randomTest} from '../rig/random';
import {readSoakArguments} from './arguments';
import {Ledger} from './ledger';
import {growthOf} from './memory';
import {Heard} from './notifications';
import {plotSoak} from './plot';
import {kindOf, sum} from './record';
import {soak} from './soak';

randomTest('soak: ten seconds of random work and faults break nothing', async (random, context) => {
  const record = await soak({
    seed: random.seed,
    version: String(postgresVersion),
    milliseconds: 8000,
    roundMilliseconds: 4000,
    workers: 20,
    // Streams and copies on a connection that goes silent have no limit yet.
    silence: true,
  });
  context.diagnostic(
    `${sum(record.operations)} operations, ${sum(record.errors)} errors, ${sum(record.faults)} faults`,
  );
  assert.deepEqual(record.violations, []);
  assert.ok(sum(record.operations) > 100, 'hardly anything ran');
  assert.ok(sum(record.faults) > 3, 'hardly anything went wrong');
});

const kept = {rows: 2, differentParts: 2};

void test('soak: the ledger sees what is missing, doubled, halved, or there in spite of an error', () => {
  const ledger = new Ledger();
  const [fine, missing, doubled, halved, refused, unknown] = Array.from({length: 6}, () =>
    ledger.open(2),
  );
  assert.ok(fine && missing && doubled && halved && refused && unknown);
  for (const key of [fine, missing, doubled, halved]) ledger.close(key, 'acknowledged');
  ledger.close(refused, 'refused');
  const stored = new Map([
    [fine, kept],
    [doubled, {rows: 4, differentParts: 2}],
    [halved, {rows: 1, differentParts: 1}],
    [refused, kept],
    [99, kept],
  ]);
  assert.deepEqual(ledger.compare(stored), [
    `write ${missing}: acknowledged, and missing`,
    `write ${doubled}: 4 rows of 2 parts, so some are there twice`,
    `write ${halved}: 1 of 2 parts are there, not all or none`,
    `write ${refused}: said not to have been done, and there`,
    'write 99: nobody wrote it',
  ]);
});

void test('soak: a write of which nothing is known may be there or not', () => {
  const ledger = new Ledger();
  const [there, notThere] = [ledger.open(2), ledger.open(2)];
  ledger.close(there, 'unknown');
  assert.deepEqual(ledger.compare(new Map([[there, kept]])), []);
  assert.equal(ledger.count('unknown'), 2);
  assert.notEqual(notThere, there);
});

void test('soak: a notification may be missing only where a gap was told', () => {
  const heard = new Heard();
  heard.add('arrived');
  heard.add('twice');
  heard.add('twice');
  heard.gaps.push({since: 100, toldAt: 200});
  const notified = new Map([
    ['arrived', {startedAt: 10, acknowledgedAt: 11}],
    ['before the gap', {startedAt: 98, acknowledgedAt: 99}],
    ['in the gap', {startedAt: 150, acknowledgedAt: 151}],
    ['behind the gap', {startedAt: 201, acknowledgedAt: 202}],
  ]);
  assert.deepEqual(heard.compare(notified), [
    'notification twice came twice',
    'notification before the gap is missing, and no gap was told',
    'notification behind the gap is missing, and no gap was told',
  ]);
});

const heapOf = (...mebibytes: number[]) =>
  mebibytes.map((size, index) => ({atMilliseconds: index, heapBytes: size * 1024 * 1024}));

void test('soak: memory is compared behind the warm-up', () => {
  assert.equal(growthOf(heapOf(10, 20, 30)), undefined);
  assert.equal(growthOf(heapOf(10, 15, 30, 31, 30, 31, 30))?.isFlat, true);
  assert.equal(growthOf(heapOf(10, 15, 20, 22, 24, 26, 28))?.isFlat, false);
});

void test('soak: the command line says how long, and a misspelt one what is wrong', () => {
  assert.deepEqual(readSoakArguments(['90s', '--seed', '7'], 1), {
    milliseconds: 90_000,
    seed: 7,
    version: '18',
    workers: 20,
    silence: true,
  });
  assert.equal(readSoakArguments(['--no-silence'], 1).silence, false);
  assert.equal(readSoakArguments([], 5).seed, 5);
  for (const argv of [['10'], ['10x'], ['1m', '2m'], ['1m', '--seed', 'x'], ['1m', '--sed', '1']]) {
    assert.throws(() => readSoakArguments(argv, 1), Error, argv.join(' '));
  }
});

void test('soak: the plot shows every sample and is no larger for a long run', () => {
  const samples = Array.from({length: 10_000}, (_, index) => ({
    atMilliseconds: index * 500,
    operations: 50,
    errors: 1,
    rssBytes: 1e8,
  }));
  const svg = plotSoak({title: 'a < b', notes: [], samples, checkpoints: heapOf(10, 11)});
  assert.match(svg, /a &lt; b/);
  assert.equal(svg.match(/<polyline/g)?.length, 4);
  assert.ok(svg.length < 60_000, `${svg.length} characters`);
  assert.ok(!svg.includes('NaN'));
});

void test('soak: errors are counted by their codes', () => {
  assert.equal(kindOf(new TypeError('x')), 'TypeError');
  assert.equal(kindOf('text'), 'string');
});
