/**
 * Looks at one node again and again, on a connection of its own, so that requests never find out for themselves that a
 * node is dead. Says what it saw and decides nothing.
 *
 * Invariants: one probe at a time; no event after `stop()`; its timers do not keep the process alive.
 */
import {ConnectionError, DatabaseError} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {Patience} from './patience';
import {PROBE, readFacts} from './probe';
import type {NodeFacts} from './probe';

export interface MonitorEvents {
  /** A question is about to be sent. */
  asks?(): void;
  /** @param askedAt On the clock of the monitor, when the question was sent. */
  answered(facts: NodeFacts, askedAt: number): void;
  /** No answer in time, or none that says anything. */
  missed(reason: string): void;
  /** Refused, or the connection broke. */
  broke(reason: string): void;
}

/** Part of the interval by which it is varied, so that many processes do not probe in step. */
const JITTER = 0.1;
export class Monitor {
  readonly #pool: ConnectionPool;
  readonly #events: MonitorEvents;
  readonly #now: () => number;
  readonly #patience = new Patience();
  /** How long an answer may take does not depend on the hurry: a busy node would be given up by who hurries most. */
  readonly #intervalMilliseconds: number;
  #paceMilliseconds: number;
  #timer: NodeJS.Timeout | undefined;
  #probe: Promise<void> | undefined;
  #phase: 'idle' | 'running' | 'stopped' = 'idle';

  /** @param pool For the monitor alone; it disposes of it. */
  constructor(
    pool: ConnectionPool,
    intervalMilliseconds: number,
    now: () => number,
    events: MonitorEvents,
  ) {
    this.#pool = pool;
    this.#intervalMilliseconds = intervalMilliseconds;
    this.#paceMilliseconds = intervalMilliseconds;
    this.#now = now;
    this.#events = events;
  }

  /** Probes at this pace from now on. */
  pace(milliseconds: number): void {
    if (milliseconds === this.#paceMilliseconds) return;
    const quicker = milliseconds < this.#paceMilliseconds;
    this.#paceMilliseconds = milliseconds;
    if (quicker && this.#timer !== undefined) this.#schedule();
  }

  /** Probes at once, unless a probe is under way. Resolves when the events have heard what came of it. */
  probeNow(): Promise<void> {
    if (this.#phase === 'stopped') return Promise.resolve();
    this.#phase = 'running';
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#probe ??= this.#ask().finally(() => {
      this.#probe = undefined;
      if (this.#phase === 'running') this.#schedule();
    });
    return this.#probe;
  }

  async stop(): Promise<void> {
    this.#phase = 'stopped';
    clearTimeout(this.#timer);
    this.#pool.disconnect('the cluster is disposed of');
    await this.#pool.dispose();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const varied = this.#paceMilliseconds * (1 + JITTER * (Math.random() - 0.5));
    const pause = this.#patience.isPressing ? 0 : varied;
    this.#timer = setTimeout(() => void this.probeNow(), pause).unref();
  }

  async #ask(): Promise<void> {
    const askedAt = this.#now();
    this.#events.asks?.();
    const patience = this.#patience.milliseconds(this.#intervalMilliseconds);
    const outcome = await this.#answerInTime(patience);
    if (this.#phase === 'stopped') return;
    if (outcome === 'late') {
      this.#patience.late();
      this.#pool.disconnect('a probe was not answered in time');
      this.#events.missed(`no answer within ${Math.round(patience)} ms`);
      return;
    }
    if (outcome instanceof Error && isBroken(outcome)) {
      this.#patience.failed();
      this.#events.broke(outcome.message);
      return;
    }
    this.#patience.answered(this.#now() - askedAt);
    if (outcome instanceof Error) {
      this.#events.missed(outcome.message);
    } else if (outcome === undefined) {
      this.#events.missed('it has not replayed anything yet');
    } else {
      this.#events.answered(outcome, askedAt);
    }
  }

  async #answerInTime(milliseconds: number): Promise<NodeFacts | undefined | Error | 'late'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      // In a process that was busy for long, the answer may be there and unread: timers run before sockets are read.
      timer = setTimeout(() => setImmediate(resolve, 'late'), milliseconds).unref();
    });
    const answer = this.#pool
      .query(PROBE)
      .then(readFacts)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Class 57P is the operator's: shut down, crashed, cannot connect now. */
function isBroken(error: Error): boolean {
  return (
    error instanceof ConnectionError ||
    (error instanceof DatabaseError && error.code.startsWith('57P'))
  );
}
