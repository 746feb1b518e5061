/** Draws how far a COPY is, as the server sees it: https://www.postgresql.org/docs/current/progress-reporting.html */
import {setTimeout as pause} from 'node:timers/promises';
import type {Queryable} from '@databases/pg';

const POLL_MILLISECONDS = 50;
const WIDTH = 30;
const STEP_PERCENT = process.stdout.isTTY ? 1 : 10;

export interface Progress {
  readonly label: string;
  readonly table: string;
  readonly total: number;
  /** What the total counts. The server knows only what it has done, not how much there is to do. */
  readonly of: 'rows' | 'bytes';
}

/** Runs `copy`, which is to be the only COPY of the table meanwhile, and draws how far it is until it is over. */
export async function withProgress<T>(
  db: Queryable,
  progress: Progress,
  copy: () => Promise<T>,
): Promise<T> {
  const bar = new Bar(progress);
  const ended = new AbortController();
  const watching = watch(db, progress, bar, ended.signal);
  try {
    const result = await copy();
    bar.draw(progress.total);
    return result;
  } finally {
    ended.abort();
    await watching;
    bar.end();
  }
}

/** The view shows the sessions of one's own role; those of others to roles with `pg_read_all_stats`. */
async function watch(
  db: Queryable,
  {table, of}: Progress,
  bar: Bar,
  ended: AbortSignal,
): Promise<void> {
  const query = db.sql`
    SELECT tuples_processed AS rows, bytes_processed AS bytes
    FROM pg_stat_progress_copy WHERE relid = to_regclass(quote_ident(${table}))
  `;
  while (!ended.aborted) {
    // Only for show: what keeps it from being known is no reason for the copy to fail.
    const [copy] = await db.query(query).catch(() => []);
    if (copy !== undefined && !ended.aborted) bar.draw(copy[of]);
    await pause(POLL_MILLISECONDS, undefined, {signal: ended}).catch(() => undefined);
  }
}

class Bar {
  readonly #progress: Progress;
  #percent = -STEP_PERCENT;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  draw(done: number): void {
    const {label, total} = this.#progress;
    const part = total === 0 ? 1 : Math.min(1, done / total);
    const percent = Math.floor((part * 100) / STEP_PERCENT) * STEP_PERCENT;
    // Where the output is no terminal, fewer lines, below one another.
    if (percent < this.#percent + STEP_PERCENT) return;
    this.#percent = percent;
    const bar = '#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '.');
    const line = `${label}  [${bar}] ${String(percent).padStart(3)} %`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }
}
