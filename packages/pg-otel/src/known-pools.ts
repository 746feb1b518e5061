/** The pools whose connections are counted, without keeping alive those that the program has dropped. */
import type {PoolTrace} from '@databases/pg';

type Counted = PoolTrace['pool'];

export interface Counts {
  readonly idle: number;
  readonly used: number;
  readonly waiting: number;
  readonly max: number;
}

export class KnownPools {
  readonly #pools = new Map<WeakRef<Counted>, string>();

  add(name: string, pool: Counted): void {
    for (const [known] of this.#pools) if (known.deref() === pool) return;
    this.#pools.set(new WeakRef(pool), name);
  }

  /** Those of one name together: a metric can tell them apart by nothing else. */
  counts(): Map<string, Counts> {
    const sums = new Map<string, Counts>();
    for (const [known, name] of this.#pools) {
      const stats = known.deref()?.stats();
      if (stats === undefined) {
        this.#pools.delete(known);
        continue;
      }
      const sum = sums.get(name) ?? {idle: 0, used: 0, waiting: 0, max: 0};
      sums.set(name, {
        idle: sum.idle + stats.idle,
        used: sum.used + stats.leased + stats.busy,
        waiting: sum.waiting + stats.waiting,
        max: sum.max + stats.max,
      });
    }
    return sums;
  }
}
