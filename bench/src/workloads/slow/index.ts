/**
 * Requests that arrive by themselves, one in a hundred of which takes 200 ms: do the others wait for it?
 *
 * The loop is open: requests are due at a fixed rate, whether or not the earlier ones were answered, and a
 * latency counts from when its request was due, so that a client that falls behind cannot hide it by asking
 * less often. At 2000 per second the slow ones keep 4 of the 10 connections busy on average, at 4000 per
 * second 8. Which requests are slow comes from a generator with a fixed seed: the same ones for every peer, in
 * clumps, as chance has them. `ops/s` counts until the last answer, so it falls below the rate where a client
 * could not keep up.
 */
import {pointItem, pointItemCount} from '../../data-set';
import {only} from '../../peers/peer';
import type {PointRow} from '../../peers/peer';
import {quantile} from '../../statistics';
import {LatencyRecorder} from '../../stopwatch';
import {implementationsOf} from '../programs';
import type {Programs} from '../programs';
import type {Loop, OpenedWorkload, Workload} from '../workload';
import {Chance} from './chance';
import {openLoop} from './open-loop';
import type {SlowProgram} from './program';

const poolSize = 10;
const slowShare = 0.01;
const sleepSeconds = 0.2;
const seed = 42;
// Has no factor in common with the number of rows, so that a loop comes by all of them.
const stride = 7919;

const programs: Programs<SlowProgram> = {
  ours: () => import('./ours.js'),
  postgres: () => import('./postgres.js'),
  'pg-named': () => import('./pg-named.js'),
  'databases-pg': () => import('./databases-pg.js'),
  postgrejs: () => import('./postgrejs.js'),
  bun: () => import('./bun.js'),
};

export const slow2000 = slow(2000, 'statement');
export const slow4000 = slow(4000, 'statement');
export const slowParameter = slow(2000, 'parameter');

/** `statement`: the slow requests are another statement; `parameter`: the same with another value. */
type SlowBy = 'statement' | 'parameter';

function slow(perSecond: number, by: SlowBy): Workload {
  const what =
    by === 'statement' ? 'a statement that takes 200 ms' : 'the same statement, taking 200 ms';
  return {
    title: `${perSecond} requests per second by primary key, 1 % of them ${what}, pool of ${poolSize}, latency since due`,
    poolSize,
    inFlight: 1,
    server: 'memory',
    implementations: implementationsOf(programs, (program) => opened(program, perSecond, by)),
  };
}

function opened(program: SlowProgram, perSecond: number, by: SlowBy): OpenedWorkload {
  const quick = new LatencyLog();
  const tardy = new LatencyLog();
  const chance = new Chance(seed);

  const fastRequest = async (id: number) => {
    checkRow(id, await (by === 'statement' ? program.fast(id) : program.either(id, 0)));
    return quick.current;
  };
  const slowRequest = async (id: number) => {
    if (by === 'parameter') checkRow(id, await program.either(id, sleepSeconds));
    else if (only(await program.slow()).done !== 1) throw new Error('the slow statement gave no 1');
    return tardy.current;
  };
  const loop: Loop = (stopwatch) => {
    quick.restart(stopwatch.now);
    tardy.restart(stopwatch.now);
    return openLoop(stopwatch, perSecond, async (index, dueAt) => {
      const id = ((index * stride) % pointItemCount) + 1;
      const log = await (chance.next() < slowShare ? slowRequest(id) : fastRequest(id));
      const latency = stopwatch.now() - dueAt;
      log.record(latency);
      stopwatch.record(latency);
    });
  };
  return {
    check: async () => {
      await fastRequest(1);
      await slowRequest(pointItemCount);
    },
    loop: () => loop,
    close: () => program.close(),
    figures: () => {
      const fastLatencies = quick.current.sortedLatencies();
      return Promise.resolve({
        fastP50Milliseconds: quantile(fastLatencies, 0.5),
        fastP99Milliseconds: quantile(fastLatencies, 0.99),
        fastP999Milliseconds: quantile(fastLatencies, 0.999),
        slowP50Milliseconds: quantile(tardy.current.sortedLatencies(), 0.5),
      });
    },
  };
}

/** The latencies of the latest run: that of the warm-up gives way to that of the measurement. */
class LatencyLog {
  current = new LatencyRecorder(0, () => 0);
  restart(now: () => number): void {
    this.current = new LatencyRecorder(0, now);
  }
}

function checkRow(id: number, rows: readonly PointRow[]): void {
  const row = only(rows);
  if (row.id !== id || row.balance !== pointItem(id).balance) {
    throw new Error(`point_item ${id} came as ${JSON.stringify(row)}`);
  }
}
