/** A handler that keeps what it is given, and waiting until it was given so many. */

const PATIENCE_MILLISECONDS = 20_000;

export interface Received<T> {
  readonly all: readonly T[];
  readonly take: (item: T) => void;
  /** Resolves with all of them, once there are at least so many. */
  until(count: number): Promise<readonly T[]>;
}

export function received<T>(): Received<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    take(item) {
      all.push(item);
      for (const look of waiting) look();
    },
    until(count) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${all.length} came, and ${count} were waited for`)),
          PATIENCE_MILLISECONDS,
        );
        const look = () => {
          if (all.length < count) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(all);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
