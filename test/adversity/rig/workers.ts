/** Callers that do not give up: they run queries again and again, and try again when one fails. */
import assert from 'node:assert/strict';
import {setTimeout as delay} from 'node:timers/promises';
import {PgError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';

export interface Workers {
  /** Resolves, once all are done, with how long the slowest took from first try to success. */
  stop(): Promise<number>;
}

export function work(db: ConnectionPool, workers: number): Workers {
  const stopping = new AbortController();
  let slowest = 0;
  const one = async () => {
    while (!stopping.signal.aborted) {
      const start = performance.now();
      for (;;) {
        try {
          await db.query(sql`SELECT 1`);
          break;
        } catch (error) {
          assert.ok(error instanceof PgError, String(error));
          await delay(20);
        }
      }
      slowest = Math.max(slowest, performance.now() - start);
      await delay(1);
    }
  };
  const all = Promise.all(Array.from({length: workers}, one));
  return {
    async stop() {
      stopping.abort();
      await all;
      return slowest;
    },
  };
}
