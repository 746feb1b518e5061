/** A pool all of whose connections were used at the same time and are idle now. */
export interface IdleConnections {
  /** `SELECT 1 AS one` on any of them. */
  ask(): PromiseLike<readonly {readonly one: number}[]>;
  close(): Promise<void>;
}

export type OpenIdle = (url: string, count: number) => Promise<IdleConnections>;
