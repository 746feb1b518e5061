import assert from 'node:assert/strict';
import {test} from 'node:test';
import {systemClock} from './clock';
import {CostEstimate} from './cost-estimate';
import type {Lane, Task} from './lane';
import {Pool} from './pool';
import type {Fifo} from './queue';

class Resource {
  open = true;
}

class Work implements Task<Resource> {
  readonly alone = false;
  lane: Lane<Resource> | undefined = undefined;
  startedAt = 0;
  queuedAt = 0;
  expectedMilliseconds = 0;
  arrival = 0;
  queue: Fifo<Task<Resource>> | undefined = undefined;
  queuePrevious: Task<Resource> | undefined = undefined;
  queueNext: Task<Resource> | undefined = undefined;
  constructor(readonly cost: CostEstimate) {}
  start(): void {}
  fail(error: Error): void {
    throw error;
  }
}

async function createPool(max: number): Promise<Pool<Resource>> {
  const factory = {
    open: () => Promise.resolve(new Resource()),
    close: () => Promise.resolve(),
    destroy: () => {},
    usable: (resource: Resource) => resource.open,
  };
  const pool = new Pool<Resource>(
    factory,
    {max, idleTimeoutMilliseconds: 30_000, maxUses: Infinity, queueTimeoutMilliseconds: 60_000},
    systemClock,
  );
  const leases = await Promise.all(Array.from({length: max}, () => pool.acquire()));
  for (const lease of leases) lease.release();
  return pool;
}

const ROUNDS = 100_000;

function nanosecondsPerTask(count: number, run: () => void): number {
  run();
  const before = process.hrtime.bigint();
  run();
  return Math.round(Number(process.hrtime.bigint() - before) / count);
}

// Prints what sharing costs on this machine; asserts only that the books are right afterwards.
test('overhead of dispatch and finish (printed, not judged)', async (t) => {
  const pool = await createPool(10);
  const cost = new CostEstimate();
  const idle = nanosecondsPerTask(ROUNDS, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const work = new Work(cost);
      pool.dispatch(work);
      pool.finish(work);
    }
  });
  t.diagnostic(`on an idle resource: ${idle} ns per task`);

  const outstanding = 500;
  const saturated = nanosecondsPerTask(ROUNDS, () => {
    const works = Array.from({length: ROUNDS}, () => new Work(cost));
    // What was started ends in order; what waits is started by what ends.
    works.forEach((work, index) => {
      pool.dispatch(work);
      const ending = works[index - outstanding];
      if (ending !== undefined) pool.finish(ending);
    });
    for (const work of works.slice(-outstanding)) pool.finish(work);
  });
  t.diagnostic(`with ${outstanding} outstanding: ${saturated} ns per task`);
  assert.equal(pool.stats().waiting, 0);
  assert.equal(pool.stats().idle, 10);
  await pool.close();
});
