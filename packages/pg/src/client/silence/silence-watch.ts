/**
 * Finds connections on which an answer is due and nothing was heard for long, has them asked about, and destroys
 * those that will never answer. See docs/design/half-open.md.
 *
 * It opens nothing itself. It counts ticks of its timer and not milliseconds: a process that was busy or frozen, and
 * so could not hear, sees one tick. Invariants: a connection that is `working` is never destroyed; one of which
 * nothing good is known is destroyed `limitMilliseconds` after it was first asked about; while nothing is in flight on
 * any connection there is no timer, so that an idle process is not woken.
 */
import {ConnectionError} from '../../errors';

/**
 * What another connection tells of one that is silent.
 * - `working`: the server is at its query. - `unclear`: the server answers, but not about this.
 * - `waiting`: the server waits for this client, so that a query or its answer was lost on the way.
 * - `gone`: the server has no such session any more. - `unreachable`: the server does not answer at all.
 */
export type Verdict = 'working' | 'unclear' | 'waiting' | 'gone' | 'unreachable';

export interface Watched {
  readonly awaitsServer: boolean;
  /** What has no answer yet. Where there is none, no answer is awaited. */
  readonly inFlight: number;
  heard: boolean;
  destroy(reason: Error): void;
}

export interface SilenceWatchOptions<C extends Watched> {
  /** How long an answer may be due before it is asked about, and how long a good sign may then take. */
  readonly limitMilliseconds: number;
  /** Has `tell` called, soon or late, for each of them. Must not throw. */
  readonly ask: (silent: readonly C[], tell: (connection: C, verdict: Verdict) => void) => void;
  /** Calls `tick` again and again, without keeping the process alive. Returns what ends that. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
}

/** Also how much later than promised a dead connection is found at most. */
const LONGEST_TICK_MILLISECONDS = 250;
const TICKS_PER_LIMIT = 8;
/** What works is asked about ever more seldom, down to this. */
const LONGEST_PATIENCE_MILLISECONDS = 60_000;

interface Silence {
  ticks: number;
  /** Since it was last known to work, or first seen. */
  ticksOfDoubt: number;
  patience: number;
  /** At which tick of doubt it is asked about next. */
  askAt: number;
  asking: boolean;
  verdict: Verdict | undefined;
}

export class SilenceWatch<C extends Watched> {
  readonly #options: SilenceWatchOptions<C>;
  readonly #tickMilliseconds: number;
  readonly #limit: number;
  readonly #longestPatience: number;
  readonly #connections = new Set<C>();
  readonly #silences = new Map<C, Silence>();
  #stop: (() => void) | undefined;

  constructor(options: SilenceWatchOptions<C>) {
    this.#options = options;
    const {limitMilliseconds} = options;
    const tick = Math.min(LONGEST_TICK_MILLISECONDS, limitMilliseconds / TICKS_PER_LIMIT);
    this.#tickMilliseconds = Math.max(1, Math.floor(tick));
    this.#limit = Math.ceil(limitMilliseconds / this.#tickMilliseconds);
    this.#longestPatience = Math.max(
      this.#limit,
      Math.ceil(LONGEST_PATIENCE_MILLISECONDS / this.#tickMilliseconds),
    );
  }

  add(connection: C): void {
    this.#connections.add(connection);
    if (connection.inFlight > 0) this.wake();
  }

  /** To be called when something is in flight on a connection on which nothing was. */
  wake(): void {
    this.#stop ??= this.#options.every(this.#tickMilliseconds, () => this.#tick());
  }

  delete(connection: C): void {
    this.#connections.delete(connection);
    this.#silences.delete(connection);
    if (this.#connections.size === 0) this.#sleep();
  }

  #sleep(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #tick(): void {
    const ask: C[] = [];
    let isIdle = true;
    for (const connection of this.#connections) {
      if (connection.inFlight > 0) isIdle = false;
      if (connection.heard || !connection.awaitsServer) {
        connection.heard = false;
        this.#silences.delete(connection);
        continue;
      }
      const silence = this.#silenceOf(connection);
      silence.ticks++;
      silence.ticksOfDoubt++;
      if (silence.ticksOfDoubt >= silence.patience + this.#limit) {
        this.#destroy(connection, silence);
      } else if (silence.ticksOfDoubt >= silence.askAt && !silence.asking) {
        silence.asking = true;
        // Four times within the limit, so that the last word is not an old one.
        silence.askAt = silence.ticksOfDoubt + Math.max(1, Math.floor(this.#limit / 4));
        ask.push(connection);
      }
    }
    if (isIdle) this.#sleep();
    if (ask.length === 0) return;
    const asked = new Map(ask.map((connection) => [connection, this.#silences.get(connection)]));
    this.#options.ask(ask, (connection, verdict) => {
      const silence = this.#silences.get(connection);
      // Something was heard in the meantime, or is about to be told to the next tick.
      if (silence === undefined || silence !== asked.get(connection) || connection.heard) return;
      this.#hear(connection, silence, verdict);
    });
  }

  #silenceOf(connection: C): Silence {
    const known = this.#silences.get(connection);
    if (known !== undefined) return known;
    const silence: Silence = {
      ticks: 0,
      ticksOfDoubt: 0,
      patience: this.#limit,
      askAt: this.#limit,
      asking: false,
      verdict: undefined,
    };
    this.#silences.set(connection, silence);
    return silence;
  }

  #hear(connection: C, silence: Silence, verdict: Verdict): void {
    silence.asking = false;
    if (verdict === 'working' || verdict === 'unclear') {
      silence.ticksOfDoubt = 0;
      silence.patience = Math.min(silence.patience * 2, this.#longestPatience);
      silence.askAt = silence.patience;
    } else if (verdict === 'gone' && silence.verdict === 'gone') {
      silence.verdict = verdict;
      this.#destroy(connection, silence);
      return;
    } else if (verdict === 'gone') {
      // What the session said last may be on its way still: asked once more, at the next tick.
      silence.askAt = 0;
    }
    silence.verdict = verdict;
  }

  #destroy(connection: C, {ticks, verdict}: Silence): void {
    this.#silences.delete(connection);
    const seconds = ((ticks * this.#tickMilliseconds) / 1000).toFixed(1);
    connection.destroy(
      new ConnectionError(
        `nothing was heard for ${seconds} s, and ${FINDINGS[verdict ?? 'unreachable']} (silenceTimeoutMilliseconds)`,
        {code: 'PG_CONNECTION_LOST'},
      ),
    );
  }
}

const FINDINGS: Record<Verdict, string> = {
  working: 'the server did not say again that it is at work',
  unclear: 'the server did not answer again',
  waiting: 'the server waits for this client: the query or its answer was lost on the way',
  gone: 'the server says that the session has ended',
  unreachable: 'the server cannot be reached over another connection either',
};
