/**
 * Random choices that can be made again: every run has a seed, and a test that fails says which.
 *
 * `ADVERSITY_SEED=123` replays the run of that seed.
 */
import {randomInt} from 'node:crypto';
import {test} from 'node:test';
import type {TestContext} from 'node:test';

export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32: small, and good enough to choose faults with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1));
  return {
    seed,
    next,
    between,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

/** A test that makes random choices. When it fails, the error says with which seed it does so again. */
export function randomTest(
  name: string,
  run: (random: Random, context: TestContext) => Promise<void> | void,
): void {
  const given = process.env['ADVERSITY_SEED'];
  const seed = given === undefined ? randomInt(2 ** 32) : Number(given);
  void test(name, async (context) => {
    try {
      await run(randomFrom(seed), context);
    } catch (error) {
      throw new Error(`failed with seed ${seed}; ADVERSITY_SEED=${seed} runs it again`, {
        cause: error,
      });
    }
  });
}
