/**
 * In which order to try hosts, or the addresses of one name, and which of them did not answer lately.
 *
 * Pure: it opens nothing and is told what happened. The clock and chance are handed to it.
 *
 * Invariant: nothing is ever left out. What did not answer comes last, since it may be all there is.
 */

/** How long one that did not answer comes last: it costs its timeout once a minute, and not every time. */
export const SILENT_MILLISECONDS = 60_000;

/**
 * `sticky`: the one that answered last comes first, then as given. `asGiven`: no preference.
 * `random`: each order is as likely as any other.
 */
export type OrderPolicy = 'sticky' | 'asGiven' | 'random';

export interface OrderSources {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

export class HostOrder {
  readonly #policy: OrderPolicy;
  readonly #sources: OrderSources;
  readonly #silentUntil = new Map<string, number>();
  #answeredLast: string | undefined;

  constructor(policy: OrderPolicy, sources: OrderSources) {
    this.#policy = policy;
    this.#sources = sources;
  }

  /** The same items in the order in which to try them. */
  sort<T extends {readonly key: string}>(items: readonly T[]): readonly T[] {
    if (items.length <= 1) return items;
    const now = this.#sources.now();
    const ordered =
      this.#policy === 'random'
        ? shuffled(items, this.#sources.random)
        : partition(items, (item) => item.key === this.#answeredLast);
    return partition(ordered, (item) => (this.#silentUntil.get(item.key) ?? 0) <= now);
  }

  answered(key: string): void {
    this.#silentUntil.delete(key);
    if (this.#policy === 'sticky') this.#answeredLast = key;
  }

  failed(key: string): void {
    const now = this.#sources.now();
    // A name may have other addresses each time it is looked up: those of long ago are forgotten.
    for (const [other, until] of this.#silentUntil) {
      if (until <= now) this.#silentUntil.delete(other);
    }
    this.#silentUntil.set(key, now + SILENT_MILLISECONDS);
  }
}

/** Those that `isFirst`, then the others, each in the order they had. */
function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): T[] {
  return [...items.filter((item) => isFirst(item)), ...items.filter((item) => !isFirst(item))];
}

/** Fisher and Yates: every order is as likely as every other. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result: T[] = [];
  for (const item of items) {
    const at = Math.floor(random() * (result.length + 1));
    result.push(result[at] ?? item);
    result[at] = item;
  }
  return result;
}
