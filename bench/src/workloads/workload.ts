/**
 * What a workload says: the setting, how its answers are checked, and what one of its loops does.
 *
 * Loops are closed: the next operation starts when the answer to the last one was checked. So a latency
 * is that of a client that waits, not of requests that arrive by themselves (see the README).
 */
import type {Session} from '../peers/peer';
import type {Stopwatch} from '../stopwatch';

export interface Workload {
  readonly title: string;
  readonly poolSize: number;
  readonly inFlight: number;
  /** Commits wait for the disk where there is something to commit; reading does not need a disk. */
  readonly server: 'memory' | 'durable';
  /** Looks at whole answers once, before anything is measured. Throws where one is wrong. */
  readonly check: (session: Session) => Promise<void>;
  /** The loop number `slot`; each has its own state, kept from the warm-up to the measurement. */
  readonly loop: (session: Session, slot: number) => Loop;
}

/** Repeats an operation until the stopwatch says that time is over. Rejects at the first wrong answer. */
export type Loop = (stopwatch: Stopwatch) => Promise<void>;

/** One async layer only around each operation: at 5 µs per operation each more would be seen. */
export function repeat<Answer>(
  ask: () => PromiseLike<Answer>,
  check: (answer: Answer) => void,
): Loop {
  return async (stopwatch) => {
    let startedAt = stopwatch.now();
    while (startedAt < stopwatch.endsAt) {
      check(await ask());
      const endedAt = stopwatch.now();
      stopwatch.record(endedAt - startedAt);
      startedAt = endedAt;
    }
  };
}
