import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import type {RowBatch} from '../../connection';
import {batchOf} from '../../connection/testing';
import {RowIterator} from './row-iterator';

const still = () => 0;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** How it was left, if it was: what a stream does then is to give its connection back. */
class Source {
  closed = 0;
  readonly #batches: readonly (readonly number[])[];
  readonly #error: Error | undefined;

  constructor(batches: readonly (readonly number[])[], error?: Error) {
    this.#batches = batches;
    this.#error = error;
  }

  async *batches(): AsyncGenerator<RowBatch, undefined, undefined> {
    try {
      for (const numbers of this.#batches) {
        await turn();
        yield batchOf(numbers);
      }
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    } finally {
      this.closed++;
    }
  }

  /** What the iterator is to do, as the language does it. */
  async *rows(): AsyncGenerator<unknown, undefined, undefined> {
    for await (const batch of this.batches()) {
      for (let row = batch.next(); row !== undefined; row = batch.next()) yield row;
    }
    return undefined;
  }
}

type Step = 'next' | 'return' | 'throw' | 'wait';

/** What comes of each call, some of which are made before the one in front of them has been answered. */
async function outcomes(rows: AsyncIterator<unknown, unknown>, steps: readonly Step[]) {
  const answers: Promise<unknown>[] = [];
  for (const step of steps) {
    if (step === 'wait') await answers.at(-1);
    else {
      const answer = step === 'throw' ? rows.throw?.(new Error('thrown in')) : rows[step]?.();
      answers.push(Promise.resolve(answer).catch((error: unknown) => String(error)));
    }
  }
  return Promise.all(answers);
}

const numbers = fc.array(fc.array(fc.nat(99), {maxLength: 4}), {maxLength: 4});
const step = fc.constantFrom<Step>(
  'next',
  'next',
  'next',
  'next',
  'wait',
  'wait',
  'return',
  'throw',
);

test('it answers calls as an async generator does, one by one or all at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      numbers,
      fc.boolean(),
      fc.array(step, {maxLength: 14}),
      async (batches, fails, steps) => {
        const error = fails ? new Error('of the source') : undefined;
        const [expected, found] = [new Source(batches, error), new Source(batches, error)];
        const iterator = new RowIterator(found.batches(), undefined, undefined, still);
        assert.deepEqual(await outcomes(iterator, steps), await outcomes(expected.rows(), steps));
        assert.equal(found.closed, expected.closed);
      },
    ),
    {numRuns: 100},
  );
});

test('whoever asks again when a row has come stands behind those who have asked before', async () => {
  const rows = new RowIterator(new Source([[1, 2, 3]]).batches(), undefined, undefined, still);
  const again = rows.next().then(() => rows.next());
  const second = rows.next();
  assert.deepEqual(await second, {value: {n: 2}, done: false});
  assert.deepEqual(await again, {value: {n: 3}, done: false});
});

test('a row that is there costs no turn of the microtask queue beyond its own promise', async () => {
  const rows = new RowIterator(new Source([[1, 2, 3]]).batches(), undefined, undefined, still);
  await rows.next();
  const order: string[] = [];
  const read = rows.next().then(() => order.push('row'));
  const other = Promise.resolve().then(() => order.push('a promise made later'));
  await Promise.all([read, other]);
  assert.deepEqual(order, ['row', 'a promise made later']);
});

/** How many turns of the event loop there were until each row of one batch of 4096 came. */
async function turnsOf(millisecondsPerRow: number): Promise<number[]> {
  const all = Array.from({length: 4096}, (_, index) => index);
  let [turns, read] = [0, 0];
  const clock = () => read * millisecondsPerRow;
  const rows = new RowIterator(new Source([all]).batches(), undefined, undefined, clock);
  const turnsAt: number[] = [];
  const count = () => {
    turns++;
    if (read < all.length) setImmediate(count);
  };
  for await (const row of rows) {
    if (read === 0) setImmediate(count);
    assert.deepEqual(row, {n: read});
    read++;
    turnsAt.push(turns);
  }
  assert.equal(read, all.length);
  return turnsAt;
}

test('a loop that takes its time leaves the event loop its turns', async () => {
  const turns = await turnsOf(0.1);
  for (let row = 512; row < 4096; row += 512) {
    assert.ok((turns[row] ?? 0) > (turns[row - 512] ?? 0), `no turn before row ${row}`);
  }
});

test('a loop that is quick gets a whole batch at once', async () => {
  assert.equal((await turnsOf(0.0001)).at(-1), 0);
});

test('once its signal is aborted it gives no more of the rows that are there', async () => {
  const controller = new AbortController();
  const source = new Source([[1, 2, 3]]);
  const rows = new RowIterator(source.batches(), controller.signal, undefined, still);
  assert.deepEqual(await rows.next(), {value: {n: 1}, done: false});
  controller.abort();
  // What is to be said to that is the business of whoever gives the batches.
  assert.deepEqual(await rows.next(), {value: undefined, done: true});
});
