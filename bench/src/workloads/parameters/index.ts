/** A statement with 10,000 parameters, as programs make them for `IN (...)`. */
import {only} from '../../peers/peer';
import {onEveryPeer} from '../statement-runner';
import {repeat} from '../workload';
import type {Workload} from '../workload';

const parameterCount = 10_000;

// VALUES and IN would cost the server far more than the client; the sum of an array costs it little.
const places = Array.from({length: parameterCount}, (_, index) => `$${index + 1}`);
const text = `SELECT cardinality(list)::int AS count, list[1] AS first, list[${parameterCount}] AS last,
  (SELECT sum(element)::int FROM unnest(list) element) AS sum
  FROM (SELECT ARRAY[${places.map((place) => `${place}::int`).join(',')}] AS list) source`;
const values = Array.from({length: parameterCount}, (_, index) => index * 7);
const sum = (7 * parameterCount * (parameterCount - 1)) / 2;

interface Answer {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly sum: number;
}

function checkAnswer(rows: readonly Answer[]): void {
  const answer = only(rows);
  if (
    answer.count !== parameterCount ||
    answer.first !== 0 ||
    answer.last !== 7 * (parameterCount - 1) ||
    answer.sum !== sum
  ) {
    throw new Error(`the parameters arrived as ${JSON.stringify(answer)}`);
  }
}

export const parameters: Workload = {
  title: 'one statement with 10,000 int4 parameters, pool of 2, 2 in flight',
  poolSize: 2,
  inFlight: 2,
  server: 'memory',
  implementations: onEveryPeer((runner) => {
    const statement = runner.prepare<Answer>('parameters', text);
    return {
      check: async () => {
        checkAnswer(await statement(values));
      },
      loop: () => repeat(() => statement(values), checkAnswer),
    };
  }),
};
