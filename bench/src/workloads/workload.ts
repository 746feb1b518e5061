/**
 * What a workload says: the setting, how its answers are checked, and what one of its loops does.
 *
 * Most ask every peer the same through its `Session`. One whose best documented way differs from peer to peer
 * brings its own program for each (`implementations`), in files of its own folder.
 *
 * Loops are closed: the next operation starts when the answer to the last one was checked. So a latency
 * is that of a client that waits, not of requests that arrive by themselves (see the README).
 */
import type {PeerName} from '../peers';
import type {Session, SessionOptions} from '../peers/peer';
import type {Stopwatch} from '../stopwatch';

interface Setting {
  readonly title: string;
  readonly poolSize: number;
  readonly inFlight: number;
  /**
   * `memory`: data in memory, `trust`. `durable`: commits wait for the disk. `tls`: as `memory`, but it asks
   * for SCRAM and offers TLS, with a certificate of the authority in `SessionOptions`.
   */
  readonly server: 'memory' | 'durable' | 'tls';
  /**
   * The warm-up goes on until there were so many: where an operation waits for long and runs much code once, seconds are
   * over before V8 has compiled anything. Default: as many as come in the usual time.
   */
  readonly leastWarmUpOperations?: number;
}

/** All peers, through their sessions. */
interface SessionWorkload extends Setting {
  /** Looks at whole answers once, before anything is measured. Throws where one is wrong. */
  readonly check: (session: Session) => Promise<void>;
  /** The loop number `slot`; each has its own state, kept from the warm-up to the measurement. */
  readonly loop: (session: Session, slot: number) => Loop;
}

/** Only the peers that are listed. Each is loaded in the process that measures it, and nowhere else. */
interface ProgramWorkload extends Setting {
  readonly implementations: Implementations;
}

export type Implementations = Readonly<Partial<Record<PeerName, () => Promise<Implementation>>>>;

export type Workload = SessionWorkload | ProgramWorkload;

/** The program of one peer for one workload. */
export interface Implementation {
  readonly open: (options: SessionOptions) => Promise<OpenedWorkload>;
}

export interface OpenedWorkload {
  /** Looks at whole answers once, before anything is measured. Rejects where one is wrong. */
  check(): Promise<void>;
  /** The loop number `slot`; each has its own state, kept from the warm-up to the measurement. */
  loop(slot: number): Loop;
  close(): Promise<void>;
  /**
   * Further figures of this run by name, asked for after the measured time and before `close`. The name ends
   * in the unit: `growthBytes`, `fastP99Milliseconds`, `completedPerSecond`. Lower is better, but for the last.
   */
  figures?(): Promise<Readonly<Record<string, number>>>;
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
