/** Asks the database what a load has stored, with a client that the peer has no part in. */
import createConnectionPool, {sql} from '@databases/pg';
import {only} from '../../peers/peer';
import type {InsertItem} from './program';

interface Sums {
  readonly rows: number;
  readonly ids: number;
  readonly letters: number;
  readonly scores: number;
  readonly milliseconds: number;
  readonly active: number;
}

export async function checkStored(url: string, items: readonly InsertItem[]): Promise<void> {
  const db = createConnectionPool({connectionString: url, poolSize: 1});
  try {
    const rows: Sums[] = await db.query(sql`
      SELECT count(*)::int AS rows, sum(id)::float8 AS ids, sum(length(name))::float8 AS letters,
        sum(score) AS scores, sum(extract(epoch FROM happened_at) * 1000)::float8 AS milliseconds,
        (count(*) FILTER (WHERE active))::int AS active
      FROM insert_item
    `);
    const stored = JSON.stringify(only(rows));
    const expected = JSON.stringify(sumsOf(items));
    if (stored !== expected) throw new Error(`insert_item holds ${stored}, not ${expected}`);
  } finally {
    await db.dispose();
  }
}

function sumsOf(items: readonly InsertItem[]): Sums {
  const sums = {rows: 0, ids: 0, letters: 0, scores: 0, milliseconds: 0, active: 0};
  for (const {id, name, score, happened_at: happenedAt, active} of items) {
    sums.rows += 1;
    sums.ids += id;
    sums.letters += name.length;
    sums.scores += score;
    sums.milliseconds += happenedAt.getTime();
    if (active) sums.active += 1;
  }
  return sums;
}
