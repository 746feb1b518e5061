/**
 * What the program was told about each of its writes, to hold against what the database has. Pure.
 *
 * A write has a key and consists of parts 1 to n (rows). Invariants: all parts or none; each part once; what was
 * acknowledged is there; what was said not to have been done is not.
 */

/** `refused`: the error said that nothing was done. `unknown`: it said that this cannot be known. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** What the database has of a key. */
export interface Stored {
  readonly rows: number;
  readonly differentParts: number;
}

export class Ledger {
  readonly #writes = new Map<number, {parts: number; outcome: Outcome}>();
  #lastKey = 0;

  /** A key for a write of so many parts. Until its outcome is said, it is unknown. */
  open(parts: number): number {
    const key = ++this.#lastKey;
    this.#writes.set(key, {parts, outcome: 'unknown'});
    return key;
  }

  close(key: number, outcome: Outcome): void {
    const write = this.#writes.get(key);
    if (write !== undefined) write.outcome = outcome;
  }

  /** How many writes ended so. */
  count(outcome: Outcome): number {
    return [...this.#writes.values()].filter((write) => write.outcome === outcome).length;
  }

  /** What is wrong, one line each. Empty: nothing. */
  compare(stored: ReadonlyMap<number, Stored>): string[] {
    const wrong: string[] = [];
    for (const [key, {parts, outcome}] of this.#writes) {
      const {rows, differentParts} = stored.get(key) ?? {rows: 0, differentParts: 0};
      if (rows !== differentParts) {
        wrong.push(
          `write ${key}: ${rows} rows of ${differentParts} parts, so some are there twice`,
        );
      } else if (rows > 0 && rows < parts) {
        wrong.push(`write ${key}: ${rows} of ${parts} parts are there, not all or none`);
      } else if (outcome === 'acknowledged' && rows === 0) {
        wrong.push(`write ${key}: acknowledged, and missing`);
      } else if (outcome === 'refused' && rows > 0) {
        wrong.push(`write ${key}: said not to have been done, and there`);
      }
    }
    for (const key of stored.keys()) {
      if (!this.#writes.has(key)) wrong.push(`write ${key}: nobody wrote it`);
    }
    return wrong;
  }

  /** Forgets all writes, when their table was emptied. Keys are not given again. */
  clear(): void {
    this.#writes.clear();
  }
}
