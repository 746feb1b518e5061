import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Pool} from './pool';
import {FakeClock, FakeFactory, FakeHolder, settle} from './pool-fakes.test.support';

class VerifyingFactory extends FakeFactory {
  verified = 0;

  verify(): Promise<boolean> {
    this.verified++;
    return Promise.resolve(true);
  }
}

/** A pool whose time of day goes on by itself (`asleep`) when the machine sleeps, while its clock stands still. */
function createSleeper() {
  const clock = new FakeClock();
  const factory = new VerifyingFactory(clock);
  const day = {asleep: 0, reads: 0};
  const pool = new Pool(
    factory,
    {
      max: 1,
      idleTimeoutMilliseconds: 0,
      maxUses: Infinity,
      queueTimeoutMilliseconds: 0,
      verifyAfterIdleMilliseconds: 1000,
      timeOfDay: () => {
        day.reads++;
        return 1_000_000 + clock.now() + day.asleep;
      },
    },
    clock,
  );
  const use = async (milliseconds: number) => {
    const holder = new FakeHolder(pool);
    await holder.done;
    clock.time += milliseconds;
    holder.lease?.release();
    await settle();
  };
  return {factory, day, use, clock};
}

test('what was idle while the machine slept is verified, though the clock stood still', async () => {
  const {factory, day, use} = createSleeper();
  await use(0);
  day.asleep = 1000;
  await use(0);
  assert.equal(factory.verified, 1);
});

test('what was idle for less is not verified, whatever its uses took', async () => {
  const {factory, use, clock} = createSleeper();
  for (const milliseconds of [0, 1, 99, 100, 101, 5000, 1]) {
    await use(milliseconds);
    clock.time += 999;
  }
  assert.equal(factory.verified, 0);
});

test('the time of day is read when a resource is handed out, and not again when it comes back soon', async () => {
  const {day, use} = createSleeper();
  await use(0);
  const before = day.reads;
  for (let round = 0; round < 10; round++) await use(20);
  assert.equal(day.reads - before, 10);
});
