/**
 * Runs statements that are shown to read, on the replica that is best for it, with proof that it has what the session
 * must see: in front of the query, in the same round trip, the replica is asked what it has replayed. Rows of a replica
 * that had less are thrown away unseen. Where an earlier proof covers the session there is no question at all.
 *
 * A read that fails for a reason that is the node's runs once more elsewhere; nothing of it was delivered yet.
 */
import {ConnectionError} from '@databases/pg';
import type {QueryOptions, ResultRow, SQLQuery} from '@databases/pg';
import type {ResolvedOptions} from '../api/cluster-options';
import {chooseNode} from '../balance/choose-node';
import type {SessionScope} from '../consistency/scope';
import type {Token} from '../consistency/token';
import {isMany} from '../routing/call-verdict';
import type {ClusterState} from '../topology/cluster-state';
import type {ClusterNode} from '../topology/node';
import {heard, LoneRead} from './heard-calls';
import type {ReadEnds} from './heard-calls';
import type {PrimaryWork} from './primary-work';
import {Proofs} from './proofs';
import {isConnectionLoss, isNodeTrouble, rerunOf} from './rerun';
import type {Sessions} from './sessions';
import type {Spill} from './spill';

export interface ReadParts {
  readonly state: ClusterState;
  readonly sessions: Sessions;
  readonly primary: PrimaryWork;
  readonly spill: Spill;
  readonly options: ResolvedOptions;
  readonly now: () => number;
  readonly random: () => number;
}

/** A read that fails on so many replicas goes to the primary. */
const MAX_REPLICAS = 2;

export class Reads implements ReadEnds {
  readonly #parts: ReadParts;
  readonly #proofs: Proofs;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    this.#proofs = new Proofs(parts);
  }

  /** The replica for the next read. */
  choose(without?: ReadonlySet<ClusterNode>): ClusterNode | undefined {
    const {state, now, random} = this.#parts;
    let replicas = state.replicas();
    if (without !== undefined) replicas = replicas.filter((node) => !without.has(node));
    return chooseNode(replicas, now(), random);
  }

  async query(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    scope: SessionScope,
    failed = new Set<ClusterNode>(),
  ): Promise<ResultRow[]> {
    const demand = await this.#demand(scope);
    if (demand === 'primary') return this.onPrimary(query, options, scope);
    if (demand === 'unasked') return this.#withoutReplica(query, options, scope);
    while (failed.size < MAX_REPLICAS) {
      const node = this.choose(failed);
      if (node === undefined) break;
      try {
        const rows = await this.#onReplica(node, query, options, demand, scope);
        if (rows !== undefined) return rows;
        return this.#spill(query, options, scope);
      } catch (error) {
        const rerun = rerunOf(error);
        this.lost(node, error);
        options?.signal?.throwIfAborted();
        if (rerun === 'never') throw error;
        // What a replica cannot do is the primary's.
        if (rerun === 'onPrimary') return this.onPrimary(query, options, scope);
        failed.add(node);
      }
    }
    return this.#withoutReplica(query, options, scope);
  }

  async #withoutReplica(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    scope: SessionScope,
  ): Promise<ResultRow[]> {
    this.#assertPrimaryAllowed();
    return this.#spill(query, options, scope);
  }

  /** A read that was for a replica, on the primary. Where there are no replicas, all are the primary's own. */
  #spill(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    scope: SessionScope,
  ): Promise<ResultRow[]> {
    const {spill, state} = this.#parts;
    if (state.nodes.length === 1 && !state.grows) return this.onPrimary(query, options, scope);
    const connections = state.primary?.pool.stats().max ?? 1;
    return spill.run(connections, options?.signal, () => this.onPrimary(query, options, scope));
  }

  /**
   * The way most reads go: to a node that has nothing to prove. Undefined for all others, of which nothing was sent
   * then. One promise more than the pool's own, because a function that is async costs some tenth of a query.
   */
  quick(query: SQLQuery, scope: SessionScope): Promise<ResultRow[]> | undefined {
    const {sessions, options, now} = this.#parts;
    const {consistency} = options;
    if (sessions.tracks && (consistency === 'strong' || consistency === 'monotonic')) {
      return undefined;
    }
    const demand = sessions.demandOf(scope);
    if (demand === 'primary' || demand === 'unasked') return undefined;
    const node = this.choose();
    if (node === undefined || (demand !== undefined && !this.#proofs.covers(node, demand))) {
      return undefined;
    }
    const {epoch} = node;
    const startedAt = now();
    node.began(startedAt);
    return node.pool.query(query).then(
      (rows) => {
        node.ended();
        if (demand !== undefined && epoch !== node.epoch)
          return this.query(query, undefined, scope);
        const endedAt = now();
        node.measured(endedAt - startedAt, endedAt);
        return rows;
      },
      (error: unknown) => {
        node.ended();
        this.lost(node, error);
        const rerun = rerunOf(error);
        if (rerun === 'never') throw error;
        return rerun === 'onPrimary'
          ? this.onPrimary(query, undefined, scope)
          : this.query(query, undefined, scope, new Set([node]));
      },
    );
  }

  /** The node of a cluster of one, which reads may go to without more ado. */
  get only(): ClusterNode | undefined {
    const {options, state} = this.#parts;
    return options.noReplica === 'primary' ? state.only : undefined;
  }

  /** As `quick` where there is one node only, which has nothing to be compared with. */
  alone(node: ClusterNode, query: SQLQuery): Promise<ResultRow[]> {
    node.inFlight++;
    const read = new LoneRead(this, node, query);
    return node.pool.queryHeard(query, read) ?? heard(node.pool.query(query), read);
  }

  /** What becomes of a read that failed on the node of a cluster of one. */
  failedAlone(node: ClusterNode, query: SQLQuery, error: unknown): Promise<ResultRow[]> {
    this.lost(node, error);
    if (!isNodeTrouble(error)) throw error;
    return this.onPrimary(query, undefined, this.#parts.sessions.current);
  }

  /** A read on the primary, which may be repeated there if it is replaced meanwhile. */
  onPrimary(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    scope: SessionScope,
  ): Promise<ResultRow[]> {
    const {primary, sessions, options: settings} = this.#parts;
    // What is not known of the session is learnt on the occasion; monotonic reads count what they have seen.
    const learns = sessions.tracks && (scope.pinned || settings.consistency === 'monotonic');
    return primary.run(
      (node) => {
        if (learns) return sessions.runAndLearn(scope, node, query, options);
        return isMany(query) ? node.pool.query(query, options) : plain(node, query, options);
      },
      (error) => options?.signal?.aborted !== true && isNodeTrouble(error),
      true,
    );
  }

  /** The node that a stream or a transaction stays on: a replica that has shown what the session must see. */
  async pin(
    scope: SessionScope,
    failed = new Set<ClusterNode>(),
  ): Promise<ClusterNode | undefined> {
    const demand = await this.#demand(scope);
    if (demand === 'primary') return undefined;
    if (demand === 'unasked') {
      this.#assertPrimaryAllowed();
      return undefined;
    }
    while (failed.size < MAX_REPLICAS) {
      const node = this.choose(failed);
      if (node === undefined) break;
      try {
        if (demand === undefined || this.#proofs.covers(node, demand)) return node;
        return (await this.#proofs.waitFor(node, demand)) ? node : undefined;
      } catch (error) {
        this.lost(node, error);
        failed.add(node);
      }
    }
    this.#assertPrimaryAllowed();
    return undefined;
  }

  /** Tells the monitor of an error that may be the node's. */
  lost(node: ClusterNode, error: unknown): void {
    if (!isNodeTrouble(error)) return;
    if (isConnectionLoss(error)) node.forget();
    void node.monitor?.probeNow();
  }

  /** `unasked`: no replica could show anything, so that there was no point in asking what it would have to. */
  async #demand(scope: SessionScope): Promise<Token | 'primary' | 'unasked' | undefined> {
    const {options, primary, sessions, state} = this.#parts;
    if (options.consistency === 'strong' && sessions.tracks) {
      await primary.run((node) => sessions.ask(scope, node), isNodeTrouble, true);
    }
    const demand = sessions.demandOf(scope);
    if (demand !== 'unasked' || state.replicas().length === 0) return demand;
    return primary.run((node) => sessions.demandOnceAsked(scope, node), isNodeTrouble, true);
  }

  #assertPrimaryAllowed(): void {
    if (this.#parts.options.noReplica === 'primary') return;
    throw new ConnectionError(
      `no replica can serve this read (${this.#parts.state.describeAll()}), and noReplica is 'error'; nothing was sent`,
      {code: 'PG_CONNECT_FAILED', sent: 'no'},
    );
  }

  /** Undefined: the replica did not have what is demanded, and did not get it in time. */
  async #onReplica(
    node: ClusterNode,
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
    demand: Token | undefined,
    scope: SessionScope,
  ): Promise<ResultRow[] | undefined> {
    const {now, options: settings, sessions} = this.#parts;
    const monotonic = settings.consistency === 'monotonic' && sessions.tracks;
    if (demand !== undefined && !this.#parts.state.isOnTimelineOf(node, demand)) return undefined;
    const proven = demand === undefined || this.#proofs.covers(node, demand);
    const {epoch} = node;
    const startedAt = now();
    node.began(startedAt);
    try {
      let rows: ResultRow[] | undefined;
      if (!proven || monotonic) {
        rows = await this.#proofs.query(
          node,
          query,
          options,
          demand,
          monotonic ? scope : undefined,
        );
        if (rows === undefined && !monotonic && demand !== undefined) {
          if (await this.#proofs.waitFor(node, demand)) rows = await run(node, query, options);
          // Another session than the one that gave the proof: it may be of a server that has come back with less.
          if (epoch !== node.epoch) return undefined;
        }
      } else {
        rows = await run(node, query, options);
        if (demand !== undefined && epoch !== node.epoch) return undefined;
      }
      if (rows !== undefined) node.measured(now() - startedAt, now());
      return rows;
    } finally {
      node.ended();
    }
  }
}

function run(
  node: ClusterNode,
  query: SQLQuery | readonly SQLQuery[],
  options: QueryOptions | undefined,
): Promise<ResultRow[]> {
  return isMany(query) ? node.pool.query(query, options) : plain(node, query, options);
}

/** Without options a pool takes its shortest way. */
function plain(
  node: ClusterNode,
  query: SQLQuery,
  options: QueryOptions | undefined,
): Promise<ResultRow[]> {
  return options === undefined ? node.pool.query(query) : node.pool.query(query, options);
}
