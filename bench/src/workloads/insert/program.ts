/** What a peer is asked in the workload `insert`. Types only. */

export interface InsertItem {
  readonly id: number;
  readonly name: string;
  readonly score: number;
  readonly happened_at: Date;
  readonly active: boolean;
}

export interface InsertProgram {
  /** `TRUNCATE insert_item`. */
  empty(): PromiseLike<unknown>;
  /** Gives how many rows were stored, as the server told the client. */
  insert(items: readonly InsertItem[]): Promise<number>;
  /** What only this peer measures. The table may hold anything afterwards. */
  figures?(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}
