/**
 * Whether a server was asked to cancel what a session runs, from the first request until nothing can come of one any more.
 *
 * A request names the session only and hits whatever it meets there (protocol chapter 54.2.8). So while one is on its
 * way nothing new may be sent, and what fails with `query_canceled` before its work has ended may not be what was meant.
 * It opens no connection and holds nothing back: the connection does both.
 *
 * Invariants: one request is on its way at a time; `cancelling` of the session is true exactly while the phase is not
 * `none`; a request is repeated only while the same exchange is being worked on.
 */
import {CancelTrace, cancelChannel, traced} from '../tracing';
import type {TraceTarget} from '../tracing';

export type CancelPhase =
  /** No request can hit anything. */
  | 'none'
  /** One is on its way, and there is work that it can hit. */
  | 'requesting'
  /** One is on its way, and there is nothing left that it was meant for. */
  | 'late'
  /** None is on its way, but what was there when one was delivered has not ended. */
  | 'delivered';

export type CancelEvent =
  | 'asked'
  /** The server has passed the request on, or it cannot be delivered. */
  | 'delivered'
  /** All that was in flight has ended. */
  | 'settled';

/** An event that is not there changes nothing. */
export const cancelTransitions: Readonly<
  Record<CancelPhase, Readonly<Partial<Record<CancelEvent, CancelPhase>>>>
> = {
  none: {asked: 'requesting'},
  requesting: {delivered: 'delivered', settled: 'late'},
  late: {delivered: 'none'},
  delivered: {asked: 'requesting', settled: 'none'},
};

/** At first; each time twice as long, as some work does not heed requests. */
const AGAIN_MILLISECONDS = 1000;

/** The session that it is about. */
export interface CancellableSession {
  readonly inFlight: number;
  /** What the server is working on. */
  readonly current: object | undefined;
  cancelling: boolean;
}

export interface CancellationParts {
  readonly session: CancellableSession;
  readonly target: TraceTarget;
  /** Of the server's session. */
  readonly processId: number;
  /** Resolves or rejects when the request is over. */
  readonly request: () => Promise<void>;
  /** Called when nothing is on its way any more. */
  readonly delivered: () => void;
}

export class Cancellation {
  phase: CancelPhase = 'none';
  /** The request on its way. A field, since each exchange that is sent looks at it. */
  underWay: Promise<void> | undefined = undefined;
  readonly #parts: CancellationParts;
  #again: NodeJS.Timeout | undefined;

  constructor(parts: CancellationParts) {
    this.#parts = parts;
  }

  /** Resolves when the request is over, which is the one that is on its way if there is one. */
  ask(againAfterMilliseconds = AGAIN_MILLISECONDS): Promise<void> {
    if (this.underWay !== undefined) return this.underWay;
    const {session} = this.#parts;
    const meant = session.current;
    this.#step('asked');
    if (session.inFlight === 0) this.settled();
    this.underWay = this.#traced()
      .catch(() => undefined)
      .then(() => {
        this.underWay = undefined;
        this.#step('delivered');
        this.#parts.delivered();
        if (meant !== undefined && session.current === meant) {
          this.#askAgain(meant, againAfterMilliseconds);
        }
      });
    return this.underWay;
  }

  /** All that was in flight has ended. */
  settled(): void {
    if (this.phase === 'none') return;
    this.#step('settled');
    // It would keep the exchange, and with it the rows, until it is due.
    clearTimeout(this.#again);
  }

  /** One that finds nothing, as when it overtakes its query, is forgotten by the server (`PostgresMain`). */
  #askAgain(meant: object, afterMilliseconds: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#parts.session.current === meant) void this.ask(2 * afterMilliseconds);
    }, afterMilliseconds).unref();
  }

  #traced(): Promise<void> {
    const {request, target, processId} = this.#parts;
    if (!cancelChannel.hasSubscribers) return request();
    return traced(cancelChannel, new CancelTrace(target, processId), request);
  }

  #step(event: CancelEvent): void {
    this.phase = cancelTransitions[this.phase][event] ?? this.phase;
    this.#parts.session.cancelling = this.phase !== 'none';
  }
}
