/**
 * Calls that need nothing but to be heard of when they have ended: the pool tells them, so that no promise stands behind
 * its own. One object for each call, of plain fields, because that is on the way of nearly every query.
 *
 * Invariant: what counts a call as in flight counts it out once, however it ends.
 */
import type {QueryHearer, ResultRow, SQLQuery} from '@databases/pg';
import type {SessionScope} from '../consistency/scope';
import type {ClusterNode} from '../topology/node';

/** What becomes of a read. */
export interface ReadEnds {
  failedAlone(node: ClusterNode, query: SQLQuery, error: unknown): Promise<ResultRow[]>;
}

/** What becomes of a write. */
export interface WriteEnds {
  succeeded(query: SQLQuery, scope: SessionScope, node: ClusterNode): void;
  failed(
    query: SQLQuery,
    scope: SessionScope,
    node: ClusterNode,
    error: unknown,
  ): Promise<ResultRow[]>;
}

/** A read on the node of a cluster of one. */
export class LoneRead implements QueryHearer {
  constructor(
    readonly reads: ReadEnds,
    readonly node: ClusterNode,
    readonly query: SQLQuery,
  ) {}

  succeeded(): void {
    this.node.inFlight--;
  }

  failed(error: unknown): Promise<ResultRow[]> {
    this.node.inFlight--;
    return this.reads.failedAlone(this.node, this.query, error);
  }
}

/** A write that goes to the primary without a question along with it. */
export class QuickWrite implements QueryHearer {
  constructor(
    readonly writes: WriteEnds,
    readonly scope: SessionScope,
    readonly node: ClusterNode,
    readonly query: SQLQuery,
  ) {}

  succeeded(): void {
    this.node.inFlight--;
    this.writes.succeeded(this.query, this.scope, this.node);
  }

  failed(error: unknown): Promise<ResultRow[]> {
    this.node.inFlight--;
    return this.writes.failed(this.query, this.scope, this.node, error);
  }
}

/** For what the pool does not tell. */
export function heard(rows: Promise<ResultRow[]>, hearer: QueryHearer): Promise<ResultRow[]> {
  return rows.then(
    (found) => {
      hearer.succeeded();
      return found;
    },
    (error: unknown) => hearer.failed(error),
  );
}
