/**
 * Work that stays on the node on which it began: callbacks with a connection of their own, streams, copies.
 *
 * Nothing of it is done twice once the program has seen some of it: its callback has begun, or a row was delivered. Only
 * a read-only transaction that the program lets run again (`retrySerializationFailures`) does, on another node.
 */
import type {SQLQuery} from '@databases/pg';
import type {Routed} from '../api/cluster-api';
import {SessionScope} from '../consistency/scope';
import {changeBy, heedChange, verdictOf} from '../routing/call-verdict';
import {worseChange} from '../routing/catalogue-changes';
import type {CatalogueChange} from '../routing/catalogue-changes';
import type {StatementRouter} from '../routing/statement-router';
import type {ClusterNode} from '../topology/node';
import type {StreamAttempts, StreamPlace} from './pinned-stream';
import type {PrimaryWork} from './primary-work';
import type {Reads} from './reads';
import {isNodeTrouble, wasNeverSent} from './rerun';
import type {Sessions} from './sessions';
import type {Hear} from './watched-session';

export interface PinnedWorkParts {
  readonly router: StatementRouter;
  readonly sessions: Sessions;
  readonly primary: PrimaryWork;
  readonly reads: Reads;
}

export class PinnedWork {
  readonly #router: StatementRouter;
  readonly #sessions: Sessions;
  readonly #primary: PrimaryWork;
  readonly #reads: Reads;

  constructor(parts: PinnedWorkParts) {
    this.#router = parts.router;
    this.#sessions = parts.sessions;
    this.#primary = parts.primary;
    this.#reads = parts.reads;
  }

  /** Work on the primary that may write, and that cannot be repeated once its callback has begun. */
  async onPrimary<T>(
    work: (node: ClusterNode, begins: () => void, hear: Hear) => Promise<T>,
  ): Promise<T> {
    const scope = this.#sessions.current;
    let begun = false;
    let change: CatalogueChange = 'none';
    const hear: Hear = (query) => {
      if (change !== 'certain') change = worseChange(change, changeBy(this.#router, query));
    };
    return this.#primary.run(
      async (node) => {
        try {
          return await work(
            node,
            () => {
              begun = true;
            },
            hear,
          );
        } finally {
          heedChange(this.#router, change);
          this.#sessions.wrote(scope, node);
        }
      },
      (error) => !begun && wasNeverSent(error),
    );
  }

  /** What a callback reads beside its connection is to see what it writes on it: on the primary. */
  inside<T>(fn: () => Promise<T>, begins: () => void): Promise<T> {
    begins();
    return this.#sessions.run(new SessionScope(undefined, true), fn);
  }

  /**
   * Work on a replica; on another one where its node fails before the callback has begun, or later, if the program
   * says that it may be run again. Undefined: there is no replica for it (any more), the primary has to do it.
   */
  async onReplica<T>(
    work: (node: ClusterNode, begins: () => void) => Promise<T>,
    mayRunAgain: () => boolean,
  ): Promise<{readonly value: T} | undefined> {
    const failed = new Set<ClusterNode>();
    for (;;) {
      const node = await this.#reads.pin(this.#sessions.current, failed);
      if (node === undefined) return undefined;
      let begun = false;
      node.inFlight++;
      try {
        const value = await work(node, () => {
          begun = true;
        });
        return {value};
      } catch (error) {
        this.#reads.lost(node, error);
        if (!isNodeTrouble(error) || (begun && !mayRunAgain())) throw error;
        failed.add(node);
      } finally {
        node.inFlight--;
      }
    }
  }

  async placeOfStream(
    query: SQLQuery,
    options: Routed,
    {failed, onPrimary}: StreamAttempts,
  ): Promise<StreamPlace> {
    const verdict = verdictOf(this.#router, query, options.on);
    const node =
      verdict.target === 'replica' && !onPrimary
        ? await this.#reads.pin(this.#sessions.current, failed)
        : undefined;
    if (node === undefined) return this.placeOnPrimary();
    return {node, reads: true, ended: (error) => this.#reads.lost(node, error)};
  }

  async placeOnPrimary(): Promise<StreamPlace> {
    const scope = this.#sessions.current;
    const node = await this.#primary.run(async (primary) => primary);
    return {
      node,
      ended: async (error) => {
        this.#reads.lost(node, error);
        this.#sessions.wrote(scope, node);
      },
    };
  }
}
