/**
 * Runs statements that may write, on the primary, and notes for their session that it was written.
 *
 * Nothing that was sent is sent again. That a statement may have changed what the verdicts are made with is heeded when
 * it has ended, however it ended.
 */
import type {QueryOptions, ResultRow, SQLQuery} from '@databases/pg';
import type {SessionScope} from '../consistency/scope';
import {changeBy, heedChange} from '../routing/call-verdict';
import type {StatementRouter} from '../routing/statement-router';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';
import {heard, QuickWrite} from './heard-calls';
import type {WriteEnds} from './heard-calls';
import type {PrimaryWork} from './primary-work';
import {wasNeverSent} from './rerun';
import type {Sessions} from './sessions';

export interface WriteParts {
  readonly state: ClusterState;
  readonly router: StatementRouter;
  readonly sessions: Sessions;
  readonly primary: PrimaryWork;
}

export class Writes implements WriteEnds {
  readonly #state: ClusterState;
  readonly #router: StatementRouter;
  readonly #sessions: Sessions;
  readonly #primary: PrimaryWork;

  constructor({state, router, sessions, primary}: WriteParts) {
    this.#state = state;
    this.#router = router;
    this.#sessions = sessions;
    this.#primary = primary;
  }

  async query(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    scope: SessionScope,
  ): Promise<ResultRow[]> {
    let rows: ResultRow[];
    try {
      rows = await this.#primary.run((node) => this.#sessions.write(scope, node, query, options));
    } catch (error) {
      if (!wasNeverSent(error)) this.#ended(query);
      throw error;
    }
    this.#ended(query);
    return rows;
  }

  /**
   * The way most writes go: one statement, no question along with it, to a primary that is there. Undefined for all
   * others, of which nothing was sent then. No promise more than the pool's own.
   */
  quick(query: SQLQuery, scope: SessionScope): Promise<ResultRow[]> | undefined {
    const node = this.#state.primary;
    if (node === undefined || this.#sessions.asksAlong) return undefined;
    node.inFlight++;
    const write = new QuickWrite(this, scope, node, query);
    return node.pool.queryHeard(query, write) ?? heard(node.pool.query(query), write);
  }

  /** The node has acknowledged it. @throws {ConnectionError} It was replaced meanwhile. */
  succeeded(query: SQLQuery, scope: SessionScope, node: ClusterNode): void {
    this.#sessions.wrote(scope, node);
    const change = this.#router.changeBy(query);
    if (change !== 'none') heedChange(this.#router, change, query);
    if (this.#state.primary !== node) this.#primary.assertStands(node);
  }

  async failed(
    query: SQLQuery,
    scope: SessionScope,
    node: ClusterNode,
    error: unknown,
  ): Promise<ResultRow[]> {
    const suspected = this.#primary.suspects(node, error);
    if (!wasNeverSent(error)) {
      this.#sessions.failed(scope, node, error);
      this.#ended(query);
    } else if (suspected) {
      await this.#primary.settle(node);
      return this.query(query, undefined, scope);
    }
    throw error;
  }

  #ended(query: SQLQuery | readonly SQLQuery[]): void {
    heedChange(this.#router, changeBy(this.#router, query), query);
  }
}
