/** What a peer is asked in the workload `tx-batch`. Types only. */
export interface TransferProgram {
  /**
   * The five statements of `tx` as one transaction, all given at once, in the way of the peer's documentation that
   * needs the fewest round trips. Gives the new balance when all of it is committed.
   */
  transfer(id: number): Promise<number>;
  close(): Promise<void>;
}
