/**
 * Does jobs until SIGTERM: then the job under way is finished, and no other begun. Start as many as you like.
 *
 *     node dist/worker.js [name]
 */
import {setTimeout as pause} from 'node:timers/promises';
import type {Transaction} from '@databases/pg';
import db, {sql} from './database';
import {doNextJob} from './queue';
import type {Job} from './queue';

/** Jobs that are to be tried again come due without a notification. */
const POLL_MILLISECONDS = 1000;
const name = process.argv[2] ?? `process ${process.pid}`;

async function work(transaction: Transaction, {id, payload, attempts}: Job): Promise<void> {
  console.log(`${name} begins job ${id}`);
  await transaction.query(sql`INSERT INTO results (job_id, worker) VALUES (${id}, ${name})`);
  await pause(payload.milliseconds);
  if (attempts < payload.failures) throw new Error('what the job needs is not there');
}

/** Rung while nobody waits, it is heard by the next who does: no job that comes between looking and waiting is missed. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(milliseconds: number): Promise<void> {
    const waited = new AbortController();
    if (!this.#rung) {
      const rung = new Promise<void>((resolve) => (this.#wake = resolve));
      await Promise.race([rung, pause(milliseconds, undefined, waited).catch(() => undefined)]);
    }
    waited.abort();
    this.#rung = false;
  }
}

async function main(): Promise<void> {
  const bell = new Bell();
  const stopping = new AbortController();
  process.once('SIGTERM', () => {
    stopping.abort();
    bell.ring();
  });
  const ring = () => bell.ring();
  await using _ = await db.listen('jobs', ring, {onGap: ring});
  while (!stopping.signal.aborted) {
    if (!(await doNextJob(work))) await bell.wait(POLL_MILLISECONDS);
  }
}

main()
  .catch((error: unknown) => {
    // Whoever starts the workers starts a new one.
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
