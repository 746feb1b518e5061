/**
 * What every peer can be asked: one method per kind of work, so that a workload is the same program for all.
 *
 * A peer writes each of them as its own documentation would, in its default mode; no peer gets tuning that
 * the others could have as well. Rows come back as the peer decodes them: workloads normalise before they
 * compare, and only where the types differ.
 */
export interface PointRow {
  readonly id: number;
  readonly name: string;
  readonly balance: number;
}

/** Ten columns; `unknown` where the peers' own choice of type differs. */
export interface WideRow {
  readonly id: number;
  readonly counter: unknown;
  readonly ratio: number;
  readonly active: boolean;
  readonly name: string;
  readonly note: string | null;
  readonly created_at: unknown;
  readonly amount: unknown;
  readonly key: string;
  readonly tags: unknown;
}

export interface Session {
  /** One row by its primary key. */
  point(id: number): PromiseLike<readonly PointRow[]>;
  /** The first `count` wide rows, by id. */
  rows(count: number): PromiseLike<readonly WideRow[]>;
  /** A transaction of five awaited statements that adds 1 to the ledger `id`. Gives its new balance. */
  transfer(id: number): PromiseLike<number>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly url: string;
  readonly poolSize: number;
  /** PEM of the authority behind the certificate of the server `tls`; the other servers have none. */
  readonly certificateAuthority?: string;
}

export type OpenSession = (options: SessionOptions) => Promise<Session>;

/** The one row a statement must give. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) throw new Error(`${rows.length} rows instead of one`);
  return row;
}
