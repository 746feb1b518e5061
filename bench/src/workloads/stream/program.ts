/** What a peer is asked in the workload `stream`. */

export interface StreamRow {
  readonly id: number;
  readonly account: number;
  readonly kind: string;
  readonly amount: number;
  readonly happened_at: Date;
  readonly note: string | null;
}

export type OnRow = (row: StreamRow) => void;

export interface StreamProgram {
  /** One statement that gives few rows, so that there is a connection. */
  connect(): PromiseLike<unknown>;
  /** Calls `onRow` with the rows of `SELECT * FROM stream_item ORDER BY id`, in order. */
  exportRows(onRow: OnRow): Promise<void>;
  close(): Promise<void>;
}

/** Where a peer has to be told how many rows to fetch at a time. */
export const batchSize = 1000;
