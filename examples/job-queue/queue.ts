/** A queue in a table. What a job does in its transaction is done exactly once; what it does elsewhere, at least once. */
import type {Queryable, Transaction} from '@databases/pg';
import db, {sql} from './database';

export interface Job {
  readonly id: number;
  readonly payload: {readonly milliseconds: number; readonly failures: number};
  /** How often it has failed before. */
  readonly attempts: number;
}

const MAX_ATTEMPTS = 5;

export async function createTables(): Promise<void> {
  await db.query(sql`
    DROP TABLE IF EXISTS jobs, results;
    CREATE TABLE jobs (
      id BIGSERIAL PRIMARY KEY,
      payload JSONB NOT NULL,
      attempts INT NOT NULL DEFAULT 0,
      error TEXT,
      run_at TIMESTAMPTZ NOT NULL DEFAULT now()
    );
    CREATE INDEX ON jobs (run_at, id);
    CREATE TABLE results (job_id BIGINT NOT NULL, worker TEXT NOT NULL)
  `);
}

/** In the transaction that makes the job necessary: there is no job without its reason, and no reason without its job. */
export async function addJob(transaction: Queryable, payload: Job['payload']): Promise<void> {
  await transaction.query(sql`INSERT INTO jobs (payload) VALUES (${payload})`);
  // Sent by the commit, so whoever hears it finds the job.
  await transaction.notify('jobs');
}

/**
 * Does the next job that nobody else is doing. Gives whether there was one.
 *
 * The row is locked until the job is done. When the process dies meanwhile, its session ends, the lock is gone, and
 * another worker takes the job: no timeout, no heartbeat, nothing to clean up.
 */
export async function doNextJob(
  work: (transaction: Transaction, job: Job) => Promise<void>,
): Promise<boolean> {
  return db.tx(async (tx) => {
    const [job] = await tx.query(sql`
      SELECT id, payload, attempts FROM jobs
      WHERE run_at <= now() AND attempts < ${MAX_ATTEMPTS}
      ORDER BY run_at, id LIMIT 1
      FOR UPDATE SKIP LOCKED
    `);
    if (job === undefined) return false;
    try {
      // A savepoint: what a failing job has written is undone, and the lock is kept.
      await tx.tx((attempt) => work(attempt, job));
      await tx.query(sql`DELETE FROM jobs WHERE id = ${job.id}`);
    } catch (error) {
      await tx.query(sql`
        UPDATE jobs SET attempts = attempts + 1, error = ${String(error)},
          run_at = now() + interval '100 ms' * 2 ^ attempts
        WHERE id = ${job.id}
      `);
    }
    return true;
  });
}
