/**
 * How long a monitor waits for an answer: long enough for a server that is far away, short enough that a frozen one is
 * noticed within a second. Pure.
 *
 * A probe of a connection that is open takes one round trip; one that has to connect first takes several, and how many
 * depends on TLS and on how one logs in. So each is held against answers of its own kind, and a node that was given up
 * is asked with more and more patience, because its distance is not known before it has answered once.
 */
import {TOO_MANY_MISSED} from './node-phase';

/**
 * A probe that was not answered is followed by others at once, with this part of the interval for their answer: a
 * frozen node is to be out within a second (250 ms until it is asked, 250 for the answer, twice 150).
 */
const AGAIN = 0.6;
/** Of the time that an answer of this kind has taken. */
const TIMES_USUAL = 2;
/** Of the quickest answer, which is the distance: what connecting takes at least, with TLS and a password. */
const ROUND_TRIPS_TO_CONNECT = 4;
/** What is left of a slow answer's effect after the next one. */
const KEPT = 0.8;
const MOST_MILLISECONDS = 5000;

export class Patience {
  /** What answers have taken: the last one, or what is left of a slower one before. */
  #usual = {connected: 0, connecting: 0};
  /** The quickest answer on an open connection. */
  #distance: number | undefined;
  #isConnected = false;
  /** Probes in a row that were not answered in time. */
  #late = 0;

  /** The next probe follows at once: the node is suspected, and not yet given up. */
  get isPressing(): boolean {
    return this.#late > 0 && this.#late < TOO_MANY_MISSED;
  }

  /** For the answer to the next probe. */
  milliseconds(interval: number): number {
    const doublings = Math.max(0, this.#late - TOO_MANY_MISSED + 1);
    const basis = this.isPressing ? interval * AGAIN : interval * 2 ** doublings;
    return Math.min(
      Math.max(basis, TIMES_USUAL * this.#expected()),
      Math.max(MOST_MILLISECONDS, interval),
    );
  }

  answered(tookMilliseconds: number): void {
    if (this.#isConnected) {
      this.#distance = Math.min(tookMilliseconds, this.#distance ?? tookMilliseconds);
    }
    const kind = this.#isConnected ? 'connected' : 'connecting';
    this.#usual[kind] = Math.max(tookMilliseconds, KEPT * this.#usual[kind]);
    this.#isConnected = true;
    this.#late = 0;
  }

  /** The connection is given up with it. */
  late(): void {
    this.#isConnected = false;
    this.#late++;
  }

  /** Refused, or the connection broke. */
  failed(): void {
    this.#isConnected = false;
    this.#late = 0;
  }

  /** What an answer may well take. One that found a connection half open says too little of what connecting takes. */
  #expected(): number {
    const {connected, connecting} = this.#usual;
    // The first answer on an open connection can only be quicker than the one that came with connecting.
    if (this.#isConnected) return this.#distance === undefined ? connecting : connected;
    return Math.max(connecting, ROUND_TRIPS_TO_CONNECT * (this.#distance ?? 0));
  }
}
