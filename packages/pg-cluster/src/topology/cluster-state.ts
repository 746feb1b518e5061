/**
 * Who is the primary and who may serve reads, from what the monitors hear. Sends nothing itself.
 *
 * Invariants: at most one node takes writes; the timeline never falls; a node that stops being the primary loses all its
 * connections at once, so that none of its acknowledgements arrives after the new timeline is known.
 */
import type {EventHub} from '../api/cluster-events';
import type {Token} from '../consistency/token';
import {LsnClock} from '../health/lsn-clock';
import type {NodeFacts} from '../health/probe';
import {findPrimary} from './find-primary';
import type {ClusterNode} from './node';

export interface StateSettings {
  readonly maxLagMilliseconds: number;
  readonly probeMilliseconds: number;
  readonly now: () => number;
}

/** How often nodes are looked at while writes wait. */
const HURRIED_MILLISECONDS = 100;

export class ClusterState {
  readonly nodes: ClusterNode[];
  /** Whether further nodes may come, so that one that is alone may not stay so. */
  readonly grows: boolean;
  /** Why there are no nodes. */
  trouble: string | undefined;
  /** The node that takes writes. Undefined: none that is known to. */
  primary: ClusterNode | undefined;
  /** The highest that was ever seen. */
  timeline = 0;
  /** Which database cluster this is: that of the node that answered first. */
  systemId: string | undefined;
  closed = false;
  readonly #settings: StateSettings;
  readonly #events: EventHub;
  readonly #clock = new LsnClock();
  #last: ClusterNode | undefined;
  #toldSplit = '';
  #waiting: (() => void)[] = [];

  constructor(
    nodes: readonly ClusterNode[],
    settings: StateSettings,
    events: EventHub,
    grows: boolean,
  ) {
    this.nodes = [...nodes];
    this.grows = grows;
    this.#settings = settings;
    this.#events = events;
  }

  /** The node, where there is no other and it is the primary. */
  get only(): ClusterNode | undefined {
    return this.nodes.length === 1 && !this.grows ? this.primary : undefined;
  }

  /** Those that reads may be sent to. */
  replicas(): ClusterNode[] {
    return this.nodes.filter((node) => node !== this.primary && node.health.serves);
  }

  /** It leads nowhere any more. False: it is of use still. */
  drop(node: ClusterNode): boolean {
    if (node === this.primary || node.health.phase !== 'ejected') return false;
    this.nodes.splice(this.nodes.indexOf(node), 1);
    return true;
  }

  /** For messages. */
  describeAll(): string {
    if (this.nodes.length === 0) return this.trouble ?? 'there are no nodes';
    return this.nodes.map((node) => node.describe()).join('; ');
  }

  /** Resolves when a primary was found or lost, or after the time. */
  change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Lets what waits go on, to find that nothing will come. */
  close(): void {
    this.closed = true;
    this.primary = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  answered(node: ClusterNode, facts: NodeFacts, askedAt: number): void {
    this.systemId ??= facts.systemId;
    if (facts.systemId !== this.systemId) {
      this.broke(node, `it is of another database cluster (${facts.systemId})`);
      return;
    }
    const before = node.facts;
    // A standby that crashed came back with less; a server that was restored is another one.
    if (before !== undefined && facts.lsn < before.lsn) node.forget();
    node.facts = facts;
    node.answers = true;
    node.answerMilliseconds = this.#settings.now() - askedAt;
    if (before?.inRecovery !== facts.inRecovery) {
      this.#events.emit('role', {node: node.name, role: facts.inRecovery ? 'replica' : 'primary'});
    }
    this.#decide();
    if (node === this.primary) this.#clock.sample(facts.lsn, askedAt);
    this.#judge(node, facts);
  }

  missed(node: ClusterNode, reason: string): void {
    this.#hear(node, 'missed', reason);
    this.#settleLoss(node);
  }

  broke(node: ClusterNode, reason: string): void {
    node.forget();
    this.#hear(node, 'broke', reason);
    this.#settleLoss(node);
  }

  /** Whether a token's position compares with what the node has replayed. */
  isOnTimelineOf(node: ClusterNode, token: Token): boolean {
    return node.facts?.timeline === token.timeline && token.timeline === this.timeline;
  }

  #judge(node: ClusterNode, {inRecovery, lsn}: NodeFacts): void {
    if (!inRecovery) {
      node.lagMilliseconds = node === this.primary ? 0 : undefined;
      this.#hear(node, node === this.primary ? 'caughtUp' : 'behind', 'another node replaced it');
      return;
    }
    const lag = this.#clock.lagMilliseconds(lsn, this.#settings.now());
    node.lagMilliseconds = lag;
    // Where there was never a primary to compare with, a replica is better than nothing.
    const near = lag === undefined || lag <= this.#settings.maxLagMilliseconds;
    const behind = lag === Infinity ? 'far' : `${Math.round(lag ?? 0)} ms`;
    this.#hear(node, near ? 'caughtUp' : 'behind', `it is ${behind} behind`);
  }

  #hear(node: ClusterNode, event: 'caughtUp' | 'behind' | 'missed' | 'broke', reason: string) {
    const {health} = node;
    node.reason = reason;
    const served = health.serves;
    const before = health.hear(event, this.#settings.now());
    if (served && !health.serves) this.#events.emit('eject', {node: node.name, reason});
    if (!served && health.serves && before !== 'unproven') {
      this.#events.emit('admit', {node: node.name});
    }
  }

  #settleLoss(node: ClusterNode): void {
    if (node.health.phase !== 'ejected') return;
    node.forget();
    node.answers = false;
    // What is stuck in a replica that does not answer reads on elsewhere. Of a primary nobody else can say what became
    // of it: it stays, until another node is the primary.
    if (node !== this.primary && node !== this.#last) node.pool.disconnect('the node was ejected');
    this.#decide();
  }

  #decide(): void {
    const reports = this.nodes.flatMap((node) =>
      node.facts === undefined || !node.answers ? [] : [{node, ...node.facts}],
    );
    const finding = findPrimary(reports, this.timeline);
    switch (finding.kind) {
      case 'found':
        this.timeline = finding.timeline;
        this.#tellSplit(finding.stale.length > 0 ? [finding.primary, ...finding.stale] : []);
        this.#appoint(finding.primary);
        break;
      case 'splitBrain': {
        this.timeline = finding.timeline;
        this.#tellSplit(finding.primaries);
        const {primary} = this;
        this.#appoint(
          primary !== undefined && finding.primaries.includes(primary) ? primary : undefined,
        );
        break;
      }
      case 'none':
        this.timeline = Math.max(this.timeline, ...reports.map(({timeline}) => timeline));
        this.#appoint(undefined);
        break;
    }
  }

  #appoint(node: ClusterNode | undefined): void {
    const before = this.primary;
    if (node === before) return;
    this.primary = node;
    const last = this.#last;
    if (node !== undefined && node !== last) {
      if (last !== undefined) {
        last.forget();
        last.pool.disconnect('another node has become the primary');
        this.#events.emit('failover', {
          from: last.name,
          to: node.name,
          timeline: this.timeline,
        });
      }
      // Its connections are from when it was a standby, or from before what has happened.
      node.forget();
      this.#clock.reset();
      if (node.facts !== undefined) this.#clock.sample(node.facts.lsn, this.#settings.now());
      this.#last = node;
    } else if (node === undefined && before?.answers === true) {
      before.pool.disconnect('it is not the primary any more');
    }
    const pace = node === undefined ? HURRIED_MILLISECONDS : this.#settings.probeMilliseconds;
    for (const {monitor} of this.nodes) {
      monitor?.pace(Math.min(pace, this.#settings.probeMilliseconds));
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #tellSplit(nodes: readonly ClusterNode[]): void {
    const names = nodes.map(({name}) => name);
    const told = names.length === 0 ? '' : `${this.timeline} ${names.join()}`;
    if (told === this.#toldSplit) return;
    this.#toldSplit = told;
    if (told !== '') this.#events.emit('splitBrain', {nodes: names, timeline: this.timeline});
  }
}
