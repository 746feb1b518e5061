/** `@databases/pg` of this repository: typed rows through COPY. */
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import {batches, columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    empty: () => db.query(sql`TRUNCATE insert_item`),
    insert: (items: readonly InsertItem[]) =>
      canCopy(db) ? copyRows(db, items) : unnestRows(db, items),
    close: () => db.dispose(),
  });
}

interface Copies {
  copyFrom(
    statement: ReturnType<typeof sql>,
    source: Iterable<readonly unknown[]>,
  ): Promise<number>;
}

/** `copyFrom` is built beside this workload; once it is there, this question and `unnestRows` can go. */
function canCopy(db: ConnectionPool): db is ConnectionPool & Copies {
  return 'copyFrom' in db;
}

function copyRows(db: Copies, items: readonly InsertItem[]): Promise<number> {
  return db.copyFrom(
    sql`COPY insert_item (id, name, score, happened_at, active) FROM STDIN`,
    rowsOf(items),
  );
}

function* rowsOf(items: readonly InsertItem[]): Generator<readonly unknown[]> {
  for (const {id, name, score, happened_at: happenedAt, active} of items) {
    yield [id, name, score, happenedAt, active];
  }
}

function unnestRows(db: ConnectionPool, items: readonly InsertItem[]): Promise<number> {
  return db.tx(async (tx) => {
    let count = 0;
    for (const batch of batches(items)) {
      const {ids, names, scores, times, actives} = columnsOf(batch);
      const rows: {count: number}[] = await tx.query(sql`
        WITH stored AS (
          INSERT INTO insert_item
          SELECT * FROM unnest(
            ${ids}::int[], ${names}::text[], ${scores}::float8[], ${times}::timestamptz[],
            ${actives}::bool[]
          )
          RETURNING 1
        )
        SELECT count(*)::int AS count FROM stored
      `);
      count += only(rows).count;
    }
    return count;
  });
}
