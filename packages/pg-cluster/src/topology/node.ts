/**
 * One node: its pool, its monitor, and what is known of it.
 *
 * The watermark is a position that one of its sessions has shown to have replayed. It holds only as long as the
 * connections do: a standby that crashed may come back with less than it had.
 */
import type {ConnectionPool} from '@databases/pg';
import {meanAfter} from '../balance/choose-node';
import type {BalancedNode} from '../balance/choose-node';
import {Coverage} from '../consistency/coverage';
import type {Lsn} from '../consistency/lsn';
import type {Monitor} from '../health/monitor';
import {NodeHealth} from '../health/node-phase';
import type {NodeFacts} from '../health/probe';

export class ClusterNode implements BalancedNode {
  readonly name: string;
  readonly pool: ConnectionPool;
  readonly health = new NodeHealth();
  readonly coverage = new Coverage();
  monitor: Monitor | undefined;
  facts: NodeFacts | undefined;
  /** Whether the last probe that had an outcome was answered. */
  answers = false;
  /** How long the last probe that was answered took. */
  answerMilliseconds: number | undefined;
  /** Why it gets no requests, if it gets none. */
  reason = 'it was not asked yet';
  lagMilliseconds: number | undefined;
  inFlight = 0;
  meanMilliseconds = 0;
  measuredAt = 0;
  unanswered = 0;
  unansweredSince = 0;
  watermark: Lsn = -1n;
  /** Counts the losses of connections. What was shown before one says nothing after it. */
  epoch = 0;

  constructor(name: string, pool: ConnectionPool) {
    this.name = name;
    this.pool = pool;
  }

  get servingSince(): number {
    return this.health.servingSince;
  }

  /** A session showed, when no more connections were lost than `epoch`, that it had replayed `lsn`. */
  raise(lsn: Lsn, epoch: number): void {
    if (epoch === this.epoch && lsn > this.watermark) this.watermark = lsn;
  }

  /** For messages: its name, and what is wrong with it. */
  describe(): string {
    const {phase, serves} = this.health;
    return serves ? `${this.name}: ${phase}` : `${this.name}: ${phase}, ${this.reason}`;
  }

  /** A connection to it was lost. */
  forget(): void {
    this.epoch++;
    this.watermark = -1n;
  }

  /** A read is sent to it. */
  began(now: number): void {
    this.inFlight++;
    if (this.unanswered++ === 0) this.unansweredSince = now;
  }

  /** A read has ended, however it did. */
  ended(): void {
    this.inFlight--;
    this.unanswered = 0;
  }

  measured(milliseconds: number, now: number): void {
    this.measuredAt = now;
    this.meanMilliseconds = meanAfter(this.meanMilliseconds, milliseconds);
  }
}
