/**
 * Proves that a replica has what a session must see: by an earlier proof, by a question in front of the query, or by
 * waiting until it has.
 */
import type {PipelineOutcome, QueryOptions, ResultRow, SQLQuery} from '@databases/pg';
import type {ResolvedOptions} from '../api/cluster-options';
import {PROOF_QUESTION, readProof} from '../consistency/positions';
import type {SessionScope} from '../consistency/scope';
import type {Token} from '../consistency/token';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';

const POLL_MILLISECONDS = 1;

export interface ProofParts {
  readonly state: ClusterState;
  readonly options: ResolvedOptions;
  readonly now: () => number;
}

export class Proofs {
  readonly #parts: ProofParts;

  constructor(parts: ProofParts) {
    this.#parts = parts;
  }

  /** An earlier proof is enough. */
  covers(node: ClusterNode, token: Token): boolean {
    return node.watermark >= token.lsn && this.#parts.state.isOnTimelineOf(node, token);
  }

  /**
   * Runs a query behind the question what the replica has replayed, in one round trip. Undefined: it had less than is
   * demanded, or nobody knows.
   * @param seenBy What the query has seen is noted there.
   */
  async query(
    node: ClusterNode,
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    demand: Token | undefined,
    seenBy: SessionScope | undefined,
  ): Promise<ResultRow[] | undefined> {
    const {epoch} = node;
    const questions = [PROOF_QUESTION, query];
    // What the query has seen may be later than what the replica had before it.
    if (seenBy !== undefined) questions.push(PROOF_QUESTION);
    const [proof, ran, after] = await node.pool.pipeline(questions, options);
    if (proof?.status === 'rejected') throw proof.reason;
    const had = proof === undefined ? undefined : readProof(proof.value);
    if (had === undefined) {
      void node.monitor?.probeNow();
      return undefined;
    }
    node.raise(had, epoch);
    if (demand !== undefined && had < demand.lsn) return undefined;
    if (ran === undefined) throw new Error('a pipeline has as many answers as queries');
    // What was sent once more came later than what it was to be in front of, and proves nothing for it.
    if (ran.early === true) return undefined;
    if (ran.status === 'rejected') throw ran.reason;
    if (seenBy !== undefined) this.#note(node, seenBy, after);
    return ran.value;
  }

  #note(node: ClusterNode, scope: SessionScope, after: PipelineOutcome | undefined): void {
    const {systemId} = this.#parts.state;
    const seen =
      after?.status === 'fulfilled' && after.early !== true ? readProof(after.value) : undefined;
    const timeline = node.facts?.timeline;
    if (seen === undefined || systemId === undefined || timeline === undefined) scope.pin();
    else scope.raise({systemId, timeline, lsn: seen});
  }

  /** Asks again and again, each time for itself: waiting inside a transaction would hold up the replay. */
  async waitFor(node: ClusterNode, demand: Token): Promise<boolean> {
    const {now, options} = this.#parts;
    const deadline = now() + options.waitMilliseconds;
    for (;;) {
      if (!this.#parts.state.isOnTimelineOf(node, demand)) return false;
      const {epoch} = node;
      const had = readProof(await node.pool.query(PROOF_QUESTION));
      if (had !== undefined) node.raise(had, epoch);
      if (had !== undefined && had >= demand.lsn && epoch === node.epoch) return true;
      if (had === undefined || now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }
}
