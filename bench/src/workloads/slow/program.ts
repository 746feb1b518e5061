/** What a peer is asked in the workloads `slow-*`. Types only. */
import type {PointRow} from '../../peers/peer';

export interface SlowProgram {
  /** `SELECT id, name, balance FROM point_item WHERE id = $1`. */
  fast(id: number): PromiseLike<readonly PointRow[]>;
  /** A statement of its own: `SELECT 1 AS done FROM pg_sleep(0.2)`. */
  slow(): PromiseLike<readonly {readonly done: number}[]>;
  /** One statement for both: `SELECT id, name, balance FROM point_item, pg_sleep($2) WHERE id = $1`. */
  either(id: number, sleepSeconds: number): PromiseLike<readonly PointRow[]>;
  close(): Promise<void>;
}
