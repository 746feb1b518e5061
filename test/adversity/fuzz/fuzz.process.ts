/**
 * `npm run fuzz -- 1000000 [seed]`: feeds so many mutated streams, in two threads, and says how it went.
 *
 * A failure is stored in test/adversity/corpus/failures, where `3. parser is total` feeds it again; a stream
 * that does not end within 10 s is one, too. Exit code 1 then.
 */
import {randomInt} from 'node:crypto';
import {Worker, isMainThread, parentPort, workerData} from 'node:worker_threads';
import {fuzz, newTally, store} from './fuzz';
import {readRecordings} from './recordings';

const THREADS = 2;
/** How many streams are fed between two signs of life. */
const BATCH = 500;
const HANG_MILLISECONDS = 10_000;

interface Share {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** What a thread tells: what it has done so far, or what stopped it. */
interface Progress {
  readonly next: number;
  readonly refused: number;
  readonly errors: ReadonlyMap<string, number>;
  readonly stallMilliseconds: number;
  readonly failure: string | undefined;
}

async function work({seed, from, to}: Share): Promise<void> {
  const recordings = readRecordings();
  const tally = newTally();
  for (let next = from; next < to; next += BATCH) {
    const range = {from: next, to: Math.min(to, next + BATCH)};
    const failure = await fuzz(recordings, seed, range, tally);
    const progress: Progress = {
      next: range.to,
      refused: tally.refused,
      errors: tally.errors,
      stallMilliseconds: tally.stallMilliseconds,
      failure:
        failure &&
        `stream ${failure.index} of seed ${seed}: ${failure.error.message}\nstored as ${store(failure, `seed-${seed}-${failure.index}`)}.bin`,
    };
    parentPort?.postMessage(progress, []);
    if (failure !== undefined) return;
  }
}

/** Runs one thread to its end; rejects with what it found. */
function run(share: Share, report: (progress: Progress) => void): Promise<Progress | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(__filename, {workerData: share});
    let last: Progress | undefined;
    const hang = setTimeout(() => {
      void worker.terminate();
      const from = last?.next ?? share.from;
      reject(
        new Error(`one of the streams ${from} to ${from + BATCH - 1} of seed ${share.seed} hangs`),
      );
    }, HANG_MILLISECONDS);
    worker.on('message', (progress: Progress) => {
      hang.refresh();
      last = progress;
      report(progress);
      if (progress.failure !== undefined) reject(new Error(progress.failure));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearTimeout(hang);
      resolve(last);
    });
  });
}

async function main(streams: number, seed: number): Promise<void> {
  console.log(`${streams} streams of seed ${seed}`);
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  let most = 0;
  const each = Math.ceil(streams / THREADS);
  const shares = Array.from({length: THREADS}, (_, index) => ({
    seed,
    from: index * each,
    to: Math.min(streams, (index + 1) * each),
  }));
  const ends = await Promise.all(
    shares.map((share) => run(share, () => (most = Math.max(most, process.memoryUsage().rss)))),
  );
  for (const [index, end] of ends.entries()) {
    console.log(
      `thread ${index + 1}: ${end?.refused ?? 0} refused (${[...(end?.errors ?? [])].map(([name, count]) => `${name} ${count}`).join(', ')}), longest stall ${end?.stallMilliseconds.toFixed(1)} ms`,
    );
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `no failure in ${seconds.toFixed(0)} s, RSS at most +${((most - before) / 1e6).toFixed(0)} MB`,
  );
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

if (isMainThread) {
  const [streams = '1000000', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
  main(Number(streams), Number(seed)).catch(fail);
} else {
  const share: Share = workerData;
  work(share).catch(fail);
}
