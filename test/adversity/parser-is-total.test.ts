/**
 * Promise 3: whatever bytes a server sends, they are answers or a ProtocolError, at once and in bounded memory.
 *
 * A slice of `npm run fuzz`, which feeds as many as one likes. `ADVERSITY_LONG=1` feeds 200,000.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, ProtocolError} from '@databases/pg';
import {feed} from './fuzz/feed';
import {fuzz, newTally, readFailures, store} from './fuzz/fuzz';
import {cutAt} from './fuzz/mutate';
import {readRecordings} from './fuzz/recordings';
import {randomTest} from './rig/random';

const recordings = readRecordings();
const STREAMS = process.env['ADVERSITY_LONG'] === '1' ? 200_000 : 20_000;
/** Longer recordings are cut at some of their offsets only. */
const EVERY_OFFSET_BYTES = 500;
const STALL_GOAL_MILLISECONDS = 50;
const MEMORY_GOAL_BYTES = 32_000_000;

for (const {name, bytes} of recordings) {
  test(`3. parser is total: what was recorded of "${name}" reads the same wherever TCP cuts it`, async () => {
    const whole = await feed({conversation: name, chunks: [bytes]});
    assert.equal(whole.error, undefined);
    assert.ok(whole.outcomes.every((outcome) => !outcome.includes('ConnectionError')));
    const step = Math.ceil(bytes.length / EVERY_OFFSET_BYTES);
    for (let offset = 0; offset <= bytes.length; offset += step) {
      const cut = await feed({conversation: name, chunks: cutAt(bytes, [offset])});
      assert.deepEqual(cut.outcomes, whole.outcomes, `cut at ${offset}`);
    }
    const bytewise = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    assert.deepEqual((await feed({conversation: name, chunks: bytewise})).outcomes, whole.outcomes);
  });

  test(`3. parser is total: "${name}" that ends early ends all that was asked`, async () => {
    const step = Math.ceil(bytes.length / EVERY_OFFSET_BYTES);
    for (let length = 0; length < bytes.length; length += step) {
      const {error} = await feed({conversation: name, chunks: [bytes.subarray(0, length)]});
      assert.equal(error, undefined, `${length} bytes`);
    }
  });
}

test('3. parser is total: a stream that was given up on is told so', async () => {
  const {outcomes, error} = await feed({conversation: 'simple', chunks: [Buffer.from('?????')]});
  assert.ok(error instanceof ProtocolError);
  assert.equal(outcomes[0], `ended: ${error.name}`);
  const ended = await feed({conversation: 'simple', chunks: []});
  assert.equal(
    ended.outcomes[0],
    `ended: ${new ConnectionError('', {code: 'PG_CONNECTION_LOST'}).name}`,
  );
});

randomTest(`3. parser is total: ${STREAMS} mutated streams`, async (random, context) => {
  const tally = newTally();
  const seed = random.between(0, 2 ** 31 - 1);
  // What is loaded and compiled once is no growth.
  await fuzz(recordings, seed, {from: 0, to: 1000}, newTally());
  const before = process.memoryUsage().rss;
  const failure = await fuzz(recordings, seed, {from: 1000, to: 1000 + STREAMS}, tally);
  if (failure !== undefined) {
    const path = store(failure, `seed-${seed}-${failure.index}`);
    throw new Error(`stored as ${path}.bin: ${failure.error.message}`, {cause: failure.error});
  }
  const grown = process.memoryUsage().rss - before;
  context.diagnostic(
    `${tally.refused} refused, longest stall ${tally.stallMilliseconds.toFixed(1)} ms, RSS +${(grown / 1e6).toFixed(1)} MB`,
  );
  // So that it is neither the honest streams only that are fed nor none of them.
  assert.ok(tally.refused > STREAMS / 2 && tally.refused < STREAMS);
  assert.ok(tally.stallMilliseconds < STALL_GOAL_MILLISECONDS + 1000);
  assert.ok(grown < 4 * MEMORY_GOAL_BYTES, `${grown} bytes`);
});

for (const stream of readFailures()) {
  test(`3. parser is total: the failure ${stream.name} that was found does not come back`, async () => {
    await feed(stream);
  });
}
