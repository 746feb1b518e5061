/**
 * Finds out that waiting is pointless: every resource is leased, and every holder itself waits in the queue.
 *
 * A lease is stuck when its holder waits, or when a lease that was asked for inside its use is stuck. That
 * is certain for code that awaits what it starts. Pure.
 */
import {Lease} from './lease';

/**
 * @param leases all leases of a pool of which every resource is leased.
 * @param waiting the holders that wait, the newest included.
 */
export function isSelfDeadlock<R>(
  leases: readonly Lease<R>[],
  waiting: ReadonlyMap<object, number>,
): boolean {
  const stuck = new Set<object>();
  for (const lease of leases) {
    const {holder} = lease.origin;
    // A holder that is no lease stands for everything that was leased in its name.
    const ownsByToken = holder !== undefined && !(holder instanceof Lease) && waiting.has(holder);
    if (waiting.has(lease) || ownsByToken) markWithAncestors(lease, stuck);
  }
  return leases.every((lease) => stuck.has(lease));
}

function markWithAncestors(lease: object, stuck: Set<object>): void {
  for (let at: object | undefined = lease; at instanceof Lease && !stuck.has(at);) {
    stuck.add(at);
    at = at.origin.holder;
  }
}
