/**
 * Runs work on the primary: waits for one where there is none, and lets nothing take effect twice.
 *
 * What was sent is never sent again, unless the caller says that it only reads. An answer counts only if the node that
 * gave it is still the primary: one that was replaced may acknowledge what nobody will ever see (measured: 4.7 s after
 * its postmaster had been killed).
 */
import {ConnectionError, UsageError} from '@databases/pg';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';
import {isConnectionLoss, isNodeTrouble, wasNeverSent} from './rerun';

export interface PrimarySettings {
  readonly failoverTimeoutMilliseconds: number;
  readonly now: () => number;
}

/** Between two attempts while the primary neither answers nor is known to be gone. */
const RETRY_MILLISECONDS = 20;

export class PrimaryWork {
  readonly #state: ClusterState;
  readonly #settings: PrimarySettings;

  constructor(state: ClusterState, settings: PrimarySettings) {
    this.#state = state;
    this.#settings = settings;
  }

  /**
   * @param mayRepeat Whether work that failed, for a reason that was the node's, may be done again.
   * @throws {ConnectionError} `sent: 'no'`: there was no primary for `failoverTimeoutMilliseconds`. `sent: 'maybe'`: it
   *   was sent, and the connection lost or the primary replaced before the answer was there.
   */
  async run<T>(
    work: (node: ClusterNode) => Promise<T>,
    mayRepeat: (error: unknown) => boolean = wasNeverSent,
    isRead = false,
  ): Promise<T> {
    const deadline = this.#settings.now() + this.#settings.failoverTimeoutMilliseconds;
    for (;;) {
      const node = this.#state.primary ?? (await this.#primary(deadline));
      node.inFlight++;
      let result: T;
      try {
        result = await work(node);
      } catch (error) {
        if (!this.suspects(node, error)) throw error;
        if (!mayRepeat(error) || this.#settings.now() >= deadline) throw error;
        await this.settle(node);
        continue;
      } finally {
        node.inFlight--;
      }
      if (!isRead) this.assertStands(node);
      return result;
    }
  }

  /** @throws {ConnectionError} `sent: 'maybe'`: what the node has just acknowledged may be lost. */
  assertStands(node: ClusterNode): void {
    if (this.#state.primary === node || !this.#isReplaced(node)) return;
    throw new ConnectionError(
      `${node.name} acknowledged this after another node had become the primary (timeline ${this.#state.timeline}); what it did may be lost. Look whether it took effect before you do it again.`,
      {code: 'PG_CONNECTION_LOST', sent: 'maybe'},
    );
  }

  /** Until more is known of a node that gave trouble, or for a moment. */
  async settle(node: ClusterNode): Promise<void> {
    await node.monitor?.probeNow();
    await this.#state.change(RETRY_MILLISECONDS);
  }

  /** Has the monitor look at a node that an error makes suspicious; 25006 where it should take writes is one. */
  suspects(node: ClusterNode, error: unknown): boolean {
    const trouble = isNodeTrouble(error);
    const readOnly = error instanceof Error && 'code' in error && error.code === '25006';
    if (isConnectionLoss(error)) node.forget();
    if (trouble || readOnly) void node.monitor?.probeNow();
    return trouble;
  }

  async #primary(deadline: number): Promise<ClusterNode> {
    for (;;) {
      const {primary} = this.#state;
      if (primary !== undefined) return primary;
      if (this.#state.closed) {
        throw new UsageError('the cluster was disposed of while this waited for a primary', {
          code: 'PG_USED_AFTER_END',
        });
      }
      const left = deadline - this.#settings.now();
      if (left <= 0) {
        throw new ConnectionError(
          `no node takes writes (${this.#state.describeAll()}); nothing was sent. Waited ${this.#settings.failoverTimeoutMilliseconds} ms (failoverTimeoutMilliseconds).`,
          {code: 'PG_CONNECT_FAILED', sent: 'no'},
        );
      }
      await this.#state.change(left);
    }
  }

  /** A primary that only misses probes has not been replaced, and its word still counts. */
  #isReplaced(node: ClusterNode): boolean {
    const {primary} = this.#state;
    return primary !== undefined || (node.facts?.timeline ?? 0) < this.#state.timeline;
  }
}
