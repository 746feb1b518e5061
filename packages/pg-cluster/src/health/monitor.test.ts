/** When a monitor asks, and how long it waits for an answer. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {TestContext} from 'node:test';
import createConnectionPool from '@databases/pg';
import {Monitor} from './monitor';

const ANSWER = '[{"in_recovery": "true", "lsn": "0/1", "system_id": "1", "timeline": "1"}]';

/** A monitor of a node that answers after the time, on a clock that the test moves. */
function monitorOf(context: TestContext, answerMilliseconds: () => number) {
  context.mock.timers.enable({apis: ['setTimeout']});
  let now = 0;
  const askedAt: number[] = [];
  const heard: string[] = [];
  // A pool connects with its first query, so never here.
  const pool = createConnectionPool('postgres://user@localhost/database');
  pool.query = async () => {
    askedAt.push(now);
    await new Promise((resolve) => setTimeout(resolve, answerMilliseconds()));
    return JSON.parse(ANSWER);
  };
  const monitor = new Monitor(pool, 250, () => now, {
    answered: () => void heard.push('answered'),
    missed: () => void heard.push('missed'),
    broke: () => void heard.push('broke'),
  });
  return {
    monitor,
    askedAt,
    heard,
    pass: async (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += 10) {
        now += 10;
        context.mock.timers.tick(10);
        // What the answers resolve comes before the next tick.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

void test('a node in a hurry is asked more often', async (context) => {
  const {monitor, askedAt, pass} = monitorOf(context, () => 0);
  void monitor.probeNow();
  await pass(1000);
  const slowly = askedAt.length;
  assert.ok(slowly >= 3 && slowly <= 5, `${slowly} times`);
  monitor.pace(100);
  await pass(1000);
  const quickly = askedAt.length - slowly;
  assert.ok(quickly >= 8 && quickly <= 11, `${quickly} times`);
  await monitor.stop();
});

void test('a hurry leaves as much time for an answer as ever', async (context) => {
  const {monitor, heard, pass} = monitorOf(context, () => 200);
  monitor.pace(100);
  void monitor.probeNow();
  await pass(1000);
  assert.deepEqual(new Set(heard), new Set(['answered']));
  await monitor.stop();
});
