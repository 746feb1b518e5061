/**
 * Whether every notification came once, or was told to be missing. Pure.
 *
 * A notification may be missing only if a gap covers it: it was not known to have been delivered when the connection
 * was lost, and it was sent before the new one listened.
 */
import type {Notified} from './operations';

export interface Gap {
  /** Until then everything has arrived. As of Date.now(), like the others. */
  readonly since: number;
  readonly toldAt: number;
}

export class Heard {
  readonly payloads = new Set<string>();
  readonly gaps: Gap[] = [];
  readonly twice: string[] = [];

  add(payload: string): void {
    if (this.payloads.has(payload)) this.twice.push(payload);
    this.payloads.add(payload);
  }

  /** What is wrong, one line each. */
  compare(notified: ReadonlyMap<string, Notified>): string[] {
    const wrong = this.twice.map((payload) => `notification ${payload} came twice`);
    for (const [payload, {startedAt, acknowledgedAt}] of notified) {
      const isExcused = this.gaps.some(
        ({since, toldAt}) => since <= acknowledgedAt && startedAt <= toldAt,
      );
      if (!this.payloads.has(payload) && !isExcused) {
        wrong.push(`notification ${payload} is missing, and no gap was told`);
      }
    }
    return wrong;
  }

  clear(): void {
    this.payloads.clear();
    this.gaps.length = 0;
    this.twice.length = 0;
  }
}
