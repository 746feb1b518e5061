/**
 * In which session a call is made, and what its reads must see.
 *
 * Outside of every `session()` the process is one session.
 */
import {AsyncLocalStorage} from 'node:async_hooks';
import type {QueryOptions, ResultRow, SQLQuery} from '@databases/pg';
import type {Consistency} from '../api/cluster-api';
import type {EventHub} from '../api/cluster-events';
import {TOKEN_QUESTION, readPosition} from '../consistency/positions';
import {SessionScope} from '../consistency/scope';
import {encodeToken, standingOf} from '../consistency/token';
import type {Token} from '../consistency/token';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';

export class Sessions {
  readonly #scopes = new AsyncLocalStorage<SessionScope>();
  readonly #ofProcess = new SessionScope();
  readonly #state: ClusterState;
  readonly #events: EventHub;
  /** Whether positions matter at all: with one node every read is where the writes are. */
  readonly tracks: boolean;

  constructor(state: ClusterState, consistency: Consistency, events: EventHub) {
    this.#state = state;
    this.#events = events;
    this.tracks = consistency !== 'eventual' && (state.nodes.length > 1 || state.grows);
  }

  get current(): SessionScope {
    return this.#scopes.getStore() ?? this.#ofProcess;
  }

  run<T>(scope: SessionScope, fn: () => Promise<T>): Promise<T> {
    return this.#scopes.run(scope, fn);
  }

  /**
   * What a replica has to show before it may serve a read of the scope; undefined: nothing. `primary`: what the scope
   * has written cannot be compared with what replicas have.
   */
  demandOf(scope: SessionScope): Token | 'primary' | undefined {
    if (!this.tracks) return undefined;
    if (scope.pinned) return 'primary';
    const {token} = scope;
    const {systemId, timeline} = this.#state;
    if (token === undefined) return undefined;
    if (systemId === undefined) return 'primary';
    switch (standingOf(token, systemId, timeline)) {
      case 'comparable':
        return token;
      case 'ahead':
        for (const {monitor} of this.#state.nodes) void monitor?.probeNow();
        return 'primary';
      case 'lost':
      case 'foreign':
        this.#tellLost(token);
        // From now on what the new primary has.
        scope.token = undefined;
        scope.pin();
        return 'primary';
    }
  }

  /** Runs a statement on a primary and learns, in the same round trip, where that leaves the scope. */
  async write(
    scope: SessionScope,
    node: ClusterNode,
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
  ): Promise<ResultRow[]> {
    const [ran, position] = await node.pool.pipeline([query, TOKEN_QUESTION], options);
    // A position from before the write, which had to be sent once more, does not cover it.
    if (position?.status === 'fulfilled' && position.early !== true) {
      this.#learn(scope, position.value);
    } else scope.pin();
    if (ran === undefined) throw new Error('a pipeline of two has two answers');
    if (ran.status === 'rejected') throw ran.reason;
    return ran.value;
  }

  /** Where the primary is now. */
  async ask(scope: SessionScope, node: ClusterNode): Promise<void> {
    this.#learn(scope, await node.pool.query(TOKEN_QUESTION));
  }

  /** After work of which the end cannot be foreseen. Never rejects: what is not known pins the scope. */
  async learn(scope: SessionScope, node: ClusterNode): Promise<void> {
    if (!this.tracks) return;
    try {
      this.#learn(scope, await node.pool.query(TOKEN_QUESTION));
    } catch {
      scope.pin();
    }
  }

  #learn(scope: SessionScope, rows: readonly ResultRow[]): void {
    const {systemId} = this.#state;
    if (systemId === undefined) {
      scope.pin();
      return;
    }
    const position = readPosition(rows);
    const {token} = scope;
    if (token !== undefined) {
      const standing = standingOf(token, systemId, position.timeline);
      if (standing === 'lost' || standing === 'foreign') this.#tellLost(token);
    }
    scope.learn({systemId, ...position});
  }

  #tellLost(token: Token): void {
    this.#events.emit('tokenLost', {token: encodeToken(token)});
  }
}
