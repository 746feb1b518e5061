/**
 * In which session a call is made, and what its reads must see.
 *
 * Outside of every `session()` the process is one session. Where a write has left its session is asked when a read needs
 * to know it, one question for all that need it in the same turn of the event loop; along with the write, in one round
 * trip, only while reads are seen to follow writes.
 *
 * Invariants: a position counts only for writes that were acknowledged before it was asked for, by the same node on the
 * same timeline; where that cannot be, reads go to the primary.
 */
import {AsyncLocalStorage} from 'node:async_hooks';
import {DatabaseError} from '@databases/pg';
import type {QueryOptions, ResultRow, SQLQuery} from '@databases/pg';
import type {Consistency} from '../api/cluster-api';
import type {EventHub} from '../api/cluster-events';
import {TOKEN_QUESTION} from '../consistency/positions';
import type {Position} from '../consistency/positions';
import {SessionScope} from '../consistency/scope';
import {encodeToken, standingOf} from '../consistency/token';
import type {Token} from '../consistency/token';
import {isMany} from '../routing/call-verdict';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';
import {PositionQuestions, positionCovering} from './position-questions';
import {isNodeTrouble, wasNeverSent} from './rerun';

/**
 * Asking along costs a write some 0.7 of itself more, and saves the read behind it a round trip: worth it as long as one
 * in so many writes is followed by a read.
 */
const WORTH_OF_A_READ = 5;
const MOST_CREDIT = 20;
export class Sessions {
  readonly #scopes = new AsyncLocalStorage<SessionScope>();
  readonly #ofProcess = new SessionScope();
  readonly #state: ClusterState;
  readonly #events: EventHub;
  readonly #questions = new PositionQuestions();
  /** For how many writes more it is worth to ask along with them. */
  #credit: number;
  /** Whether positions matter at all: with one node every read is where the writes are. */
  readonly tracks: boolean;

  constructor(state: ClusterState, consistency: Consistency, events: EventHub) {
    this.#state = state;
    this.#events = events;
    // Strong reads ask by themselves.
    this.#credit = consistency === 'strong' ? Number.NEGATIVE_INFINITY : MOST_CREDIT;
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
   * has written cannot be compared with what replicas have. `unasked`: the primary has to be asked first.
   */
  demandOf(scope: SessionScope): Token | 'primary' | 'unasked' | undefined {
    if (!this.tracks) return undefined;
    if (scope.owedBy !== undefined && this.owes(scope)) return scope.pinned ? 'primary' : 'unasked';
    if (scope.unread) {
      scope.unread = false;
      this.#neededBy();
    }
    return this.#standing(scope);
  }

  #standing(scope: SessionScope): Token | 'primary' | undefined {
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

  /** Whether a statement that may write is best sent with the question where it leaves its session. */
  get asksAlong(): boolean {
    return this.tracks && this.#credit > 0;
  }

  /** Runs a statement on a primary, and notes that it was written or learns where that leaves the scope. */
  async write(
    scope: SessionScope,
    node: ClusterNode,
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
  ): Promise<ResultRow[]> {
    if (this.asksAlong) {
      this.#credit--;
      const rows = await this.runAndLearn(scope, node, query, options);
      scope.unread = true;
      return rows;
    }
    let rows: ResultRow[];
    try {
      rows = await (isMany(query)
        ? node.pool.query(query, options)
        : node.pool.query(query, options));
    } catch (error) {
      this.failed(scope, node, error);
      throw error;
    }
    this.wrote(scope, node);
    return rows;
  }

  /** The node has acknowledged work that may have written. */
  wrote(scope: SessionScope, {coverage, facts}: ClusterNode): void {
    if (!this.tracks) return;
    if (facts === undefined) {
      scope.pin();
      return;
    }
    const {timeline} = facts;
    const isOwed = scope.owedBy === coverage && scope.owedTimeline === timeline;
    // What another node or timeline owes is settled first, or given up.
    if (!isOwed && scope.owedBy !== undefined && this.owes(scope)) scope.pin();
    scope.owe(coverage, timeline);
  }

  /** A statement ended without success, and may have written all the same. */
  failed(scope: SessionScope, node: ClusterNode, error: unknown): void {
    if (!this.tracks || wasNeverSent(error)) return;
    // What ended by itself is over. What was given up may go on, beyond any position.
    const isOver = error instanceof DatabaseError && !isNodeTrouble(error);
    // Refused by a node that is not the primary any more, which owes nothing for it.
    if (isOver && error.code !== '25006') this.wrote(scope, node);
    else scope.pin();
  }

  /** Runs a statement on a primary and learns, in the same round trip, where that leaves the scope. */
  async runAndLearn(
    scope: SessionScope,
    node: ClusterNode,
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
  ): Promise<ResultRow[]> {
    const {pins} = scope;
    const {acknowledged} = node.coverage;
    const [ran, position] = await node.pool.pipeline([query, TOKEN_QUESTION], options);
    // A position from before the write, which had to be sent once more, does not cover it.
    if (position?.status === 'fulfilled' && position.early !== true) {
      const learnt = positionCovering(node.coverage, acknowledged, position.value);
      this.#learn(scope, learnt, pins);
    } else scope.pin();
    if (ran === undefined) throw new Error('a pipeline of two has two answers');
    if (ran.status === 'rejected') throw ran.reason;
    return ran.value;
  }

  /** Where the primary is now. */
  async ask(scope: SessionScope, node: ClusterNode): Promise<void> {
    const {pins} = scope;
    this.#learn(scope, await this.#questions.ask(node), pins);
  }

  /**
   * Whether the scope has written something of which the position is not known. Takes what has become known, and gives
   * up what never will be: it was acknowledged by a node that was replaced.
   */
  owes(scope: SessionScope): boolean {
    const {owedBy, owedTimeline} = scope;
    if (owedBy === undefined) return false;
    const {primary, systemId, timeline} = this.#state;
    if (
      systemId !== undefined &&
      owedBy.timeline === owedTimeline &&
      owedBy.covered >= scope.owedCount
    ) {
      scope.owedBy = undefined;
      scope.raise({systemId, timeline: owedTimeline, lsn: owedBy.lsn});
      return false;
    }
    const replaced = primary !== undefined && primary.coverage !== owedBy;
    if (!replaced && Math.max(timeline, owedBy.timeline) <= owedTimeline) return true;
    scope.owedBy = undefined;
    scope.pin();
    // A token of that timeline is told of when the new position is learnt.
    if (systemId !== undefined && scope.token?.timeline !== owedTimeline) {
      const lsn = owedBy.timeline === owedTimeline ? owedBy.lsn : 0n;
      this.#tellLost({systemId, timeline: owedTimeline, lsn});
    }
    return false;
  }

  /** What a replica has to show, when the primary was asked where the writes of the scope have led to. */
  async demandOnceAsked(
    scope: SessionScope,
    node: ClusterNode,
  ): Promise<Token | 'primary' | undefined> {
    // Others of the scope may write on meanwhile, and their writes are not this read's.
    const {owedBy, owedCount, owedTimeline} = scope;
    const {systemId} = this.#state;
    this.#neededBy();
    try {
      // A probe may have told it meanwhile.
      if (this.owes(scope) && owedBy === node.coverage) {
        await this.#questions.covering(node, owedCount);
      }
    } catch (error) {
      if (isNodeTrouble(error)) throw error;
      scope.pin();
    }
    if (this.owes(scope)) {
      if (systemId === undefined || owedBy?.timeline !== owedTimeline) return 'primary';
      if (owedBy.covered < owedCount) return 'primary';
      scope.raise({systemId, timeline: owedTimeline, lsn: owedBy.lsn});
    }
    return this.#standing(scope);
  }

  /** Positions are worth asking along with writes for some writes more. */
  #neededBy(): void {
    this.#credit = Math.min(this.#credit + WORTH_OF_A_READ, MOST_CREDIT);
  }

  #learn(scope: SessionScope, position: Position, pins: number): void {
    const {systemId} = this.#state;
    if (systemId === undefined) {
      scope.pin();
      return;
    }
    const {token} = scope;
    if (token !== undefined) {
      const standing = standingOf(token, systemId, position.timeline);
      if (standing === 'lost' || standing === 'foreign') this.#tellLost(token);
    }
    scope.learn({systemId, ...position}, pins);
  }

  #tellLost(token: Token): void {
    this.#events.emit('tokenLost', {token: encodeToken(token)});
  }
}
