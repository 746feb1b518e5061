/** An int4[][][] and a text[] of 1000 elements each, with NULL and with everything that has to be quoted. */
import {only} from '../../peers/peer';
import {onEveryClient} from '../statement-runner';
import {repeat} from '../workload';
import type {Workload} from '../workload';
import {cube, words} from './values';

const setting = {poolSize: 4, inFlight: 4, server: 'memory'} as const;

/** `postgres` gives the string 'NULL' for a NULL in an array of text; it is measured all the same. */
function comparable(...arrays: readonly unknown[]): string {
  return JSON.stringify(arrays).replaceAll(/\bnull\b/g, '"NULL"');
}

export const arraysOut: Workload = {
  ...setting,
  title: 'int4[10][10][10] and text[1000], read, pool of 4, 4 in flight',
  implementations: onEveryClient((runner) => {
    const statement = runner.prepare<{cube: unknown; words: unknown}>(
      'arrays',
      'SELECT cube, words FROM array_value',
    );
    const read = async () => only(await statement([]));
    return {
      check: async () => {
        const row = await read();
        if (comparable(row.cube, row.words) !== comparable(cube, words)) {
          throw new Error('the arrays came changed');
        }
      },
      loop: () =>
        repeat(read, (row) => {
          const [cubes, list]: readonly unknown[] = [row.cube, row.words];
          if (!Array.isArray(cubes) || !Array.isArray(list)) throw new Error('no arrays came');
          if (cubes.length !== 10 || list.length !== words.length || list[999] !== words[999])
            throw new Error(`arrays of ${cubes.length} and ${list.length} came`);
        }),
    };
  }),
};

export const arraysIn: Workload = {
  ...setting,
  title: 'int4[10][10][10] and text[1000], sent as parameters, pool of 4, 4 in flight',
  implementations: onEveryClient((runner) => {
    const sizes = runner.prepare<{numbers: number; words: number}>(
      'sizes',
      'SELECT cardinality($1::int[]) AS numbers, cardinality($2::text[]) AS words',
    );
    const same = runner.prepare<{cube: boolean; words: boolean}>(
      'same',
      'SELECT cube = $1::int[] AS cube, words = $2::text[] AS words FROM array_value',
    );
    return {
      check: async () => {
        const answer = only(await same([cube, words]));
        if (!answer.cube || !answer.words) {
          throw new Error('the arrays arrived as something else');
        }
      },
      loop: () =>
        repeat(
          () => sizes([cube, words]),
          (rows) => {
            const answer = only(rows);
            if (answer.numbers !== 1000 || answer.words !== 1000) {
              throw new Error(`the arrays arrived as ${JSON.stringify(answer)}`);
            }
          },
        ),
    };
  }),
};
