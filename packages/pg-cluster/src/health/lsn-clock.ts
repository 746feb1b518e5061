/**
 * Tells how far behind a replica is, in time, from positions alone.
 *
 * Each look at the primary gives a pair of position and time. A replica that has replayed up to a position has seen
 * everything up to the time when the primary had not passed it yet. This is right on an idle primary, with a cut link
 * and with replay paused, where `now() - pg_last_xact_replay_timestamp()` and comparing received with replayed are not.
 *
 * Invariants: times only rise, positions never fall; as many samples are kept as the longest lag that matters needs.
 */
import type {Lsn} from '../consistency/lsn';

interface Sample {
  readonly lsn: Lsn;
  readonly at: number;
}

const MAX_SAMPLES = 1024;

export class LsnClock {
  /** Oldest first. The first of several samples of one position is kept: since then nothing was written. */
  #samples: Sample[] = [];
  /** When the primary was last seen, whatever its position. */
  #seenAt = Number.NEGATIVE_INFINITY;

  /** The primary was at `lsn` at the time `at`. */
  sample(lsn: Lsn, at: number): void {
    this.#seenAt = Math.max(this.#seenAt, at);
    const last = this.#samples.at(-1);
    if (last !== undefined && lsn <= last.lsn) return;
    this.#samples.push({lsn, at});
    // Every second one goes: what is far back need not be exact.
    if (this.#samples.length > MAX_SAMPLES) {
      this.#samples = this.#samples.filter(
        (_, index) => index % 2 === 0 || index > MAX_SAMPLES / 2,
      );
    }
  }

  /** Another primary, another clock. */
  reset(): void {
    this.#samples = [];
    this.#seenAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * For how long the replica has not seen what the primary had: 0 where it has replayed all that is known of.
   * Infinity: it is behind everything that is still known. Undefined: nothing is known of the primary yet.
   */
  lagMilliseconds(replayed: Lsn, now: number): number | undefined {
    const samples = this.#samples;
    if (samples.length === 0) return undefined;
    // The first position that the replica has not reached: from its time on it is behind.
    const missing = samples.findIndex(({lsn}) => lsn > replayed);
    if (missing === -1) return 0;
    if (missing === 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, now - (samples[missing]?.at ?? now));
  }
}
