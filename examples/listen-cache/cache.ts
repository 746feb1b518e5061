/**
 * Rows in memory, for as long as Postgres does not say that they have changed. It is right for rows that are read much
 * more often than written, and that may be some milliseconds old; it is not a lock.
 */
import type {ConnectionPool, Subscription} from '@databases/pg';

export interface CacheOptions<Value> {
  /** On which keys are notified: see `products_changed` in main.ts. */
  readonly channel: string;
  readonly load: (key: string) => Promise<Value>;
  readonly maxEntries?: number;
}

export class ListenCache<Value> implements AsyncDisposable {
  readonly #options: CacheOptions<Value>;
  // Promises rather than values: what is asked for at the same time is loaded once, and a notification that comes while
  // a row is being loaded removes it, too.
  readonly #entries = new Map<string, Promise<Value>>();
  #subscription: Subscription | undefined;

  private constructor(options: CacheOptions<Value>) {
    this.#options = options;
  }

  /** Resolves when the server listens: nothing is cached before. */
  static async open<Value>(
    db: ConnectionPool,
    options: CacheOptions<Value>,
  ): Promise<ListenCache<Value>> {
    const cache = new ListenCache(options);
    cache.#subscription = await db.listen(
      options.channel,
      ({payload}) => cache.#entries.delete(payload),
      // The connection was lost and is back; what was notified meanwhile, nobody knows.
      {onGap: () => cache.#entries.clear()},
    );
    return cache;
  }

  async get(key: string): Promise<Value> {
    const {load, maxEntries = 10_000} = this.#options;
    const cached = this.#entries.get(key);
    if (cached !== undefined) return cached;
    const loading = load(key);
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= maxEntries) this.#entries.delete(oldest);
    this.#entries.set(key, loading);
    try {
      return await loading;
    } catch (error) {
      // The next to ask tries again. By then it may be another's entry.
      if (this.#entries.get(key) === loading) this.#entries.delete(key);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscription?.close();
    this.#entries.clear();
  }
}
