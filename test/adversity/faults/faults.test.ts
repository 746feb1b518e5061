/** The table of faults: that it can tell kept from broken, and that its page is whole. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import {useServer} from '../../support/server';
import {FAULTS} from './catalog';
import {describe, isOk, tally, within} from './outcome';
import {judge, runTrial} from './run-trial';
import type {TrialEnd} from './run-trial';
import {putTable, tableOf} from './table';

const postgres = useServer();
const docs = resolve(__dirname, '../../../../docs');
const page = readFileSync(join(docs, 'reliability.md'), 'utf8');

function faultOf(name: string) {
  const fault = FAULTS.find((each) => each.name === name);
  assert.ok(fault, name);
  return fault;
}

// Those that take a moment; `npm run faults` runs all.
for (const name of ['terminate-idle', 'terminate-transaction', 'length-0', 'idle-exit']) {
  const {promise, title} = faultOf(name);
  void test(`${promise}. fault: ${title}`, async (context) => {
    const outcome = await runTrial(postgres.server, faultOf(name), 'ours');
    context.diagnostic(outcome.figure);
    assert.ok(outcome.kept, outcome.figure);
  });
}

void test('faults: a trial that does not end is killed, and said to hang', async () => {
  const hanging = {...faultOf('half-open'), boundSeconds: 1};
  assert.deepEqual(await runTrial(postgres.server, hanging, 'ours'), {
    kept: false,
    figure: '**process hangs** (killed after 1 s)',
  });
});

const ended: TrialEnd = {
  line: undefined,
  code: 0,
  isKilled: false,
  errors: '',
  exitMilliseconds: 10,
};
const bound = {boundSeconds: 3};

void test('faults: a process that dies is a promise broken, whatever it was about to say', () => {
  const errors = '\nnode:events:498\n      throw er;\n\nTypeError: null.write\n    at x';
  assert.deepEqual(judge({...ended, code: 1, errors}, bound), {
    kept: false,
    figure: '**process dies**: TypeError: null.write',
  });
});

void test('faults: a program that does nothing must end by itself', () => {
  const line = '"exit"';
  assert.equal(judge({...ended, line}, bound).kept, true);
  assert.equal(judge({...ended, line, exitMilliseconds: 9000}, bound).kept, false);
  assert.deepEqual(judge({...ended, line, isKilled: true}, bound), {
    kept: false,
    figure: 'not within 3 s',
  });
});

void test('faults: what became of promises is counted', async () => {
  const all = await Promise.all([
    within(1000, Promise.resolve(1)),
    within(1000, Promise.reject(Object.assign(new Error('x'), {code: '57P01'}))),
    within(1, new Promise(() => undefined)),
  ]);
  assert.equal(tally(all), '1 ok, 1 57P01, 1 pending');
  assert.deepEqual(all.map(isOk), [true, false, false]);
  assert.equal(describe({error: new Error('first line\nsecond')}), 'first line');
});

void test('faults: the table replaces the one before and leaves the rest of the page', () => {
  const table = tableOf(
    [
      {
        fault: {promise: 3, title: 'a | b'},
        outcomes: {ours: {kept: true, figure: 'ok'}, pg: {kept: false, figure: '9 <pending>'}},
      },
    ],
    'one run',
  );
  assert.match(table, /\| 3 \| a \\\| b \| ✓ ok \| ✗ 9 &lt;pending> \|  \|/);
  const once = putTable(page, table);
  assert.equal(putTable(once, table), once);
  assert.ok(once.startsWith(page.slice(0, 500)));
  assert.throws(() => putTable('no markers', table));
});

void test('reliability.md has every promise once, every fault, and links to tests that are there', () => {
  const promises = [...page.matchAll(/^\| (\d+) +\| \*\*/gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    promises.sort((a, b) => a - b),
    Array.from({length: 25}, (_, index) => index + 1),
  );
  for (const {title} of FAULTS) assert.ok(page.includes(title), title);
  const links = [...page.matchAll(/\]\((?!#)([^)#]+)/g)].map(([, link]) => link ?? '');
  assert.ok(links.length > 20);
  for (const link of links) assert.ok(existsSync(join(docs, link)), link);
});
