/** What a pool shows of its lanes and of the work that waits: plain data, made for each call. Decides nothing. */
import type {Lane, Task} from './lane';
import type {Lease} from './lease';
import type {
  LaneStats,
  LeaseStats,
  ResourceFactory,
  RunningStats,
  WaiterStats,
} from './pool-options';

export function laneStats<R>(lane: Lane<R>, factory: ResourceFactory<R>, now: number): LaneStats {
  const facts = factory.facts?.(lane.resource);
  return {
    phase: lane.phase,
    inFlight: lane.tasks.size,
    uses: lane.uses,
    ageMilliseconds: now - lane.openedAt,
    processId: facts?.processId,
    preparedStatements: facts?.preparedStatements ?? 0,
    running: runningOn(lane, now) ?? (facts?.work && since(facts.work, now)),
    lease: lane.lease && leaseStats(lane.lease, factory, now),
  };
}

export function waiterStats<R>(task: Task<R>, now: number): WaiterStats {
  return {
    purpose: task.purpose ?? 'query',
    waitedMilliseconds: now - (task.queuedAt ?? now),
    text: task.describe?.(),
    site: task.site?.toString(),
  };
}

function runningOn<R>(lane: Lane<R>, now: number): RunningStats | undefined {
  const text = lane.tasks.head?.describe?.();
  // What is still on its way is expected to be reached only after a round trip.
  return text === undefined ? undefined : since({text, since: lane.headSince}, now);
}

function since({text, since: begun}: {text: string; since: number}, now: number): RunningStats {
  return {text, milliseconds: Math.max(0, now - begun)};
}

function leaseStats<R>(
  {resource, leasedAt, origin}: Lease<R>,
  factory: ResourceFactory<R>,
  now: number,
): LeaseStats {
  return {
    purpose: origin.label,
    heldMilliseconds: now - leasedAt,
    work: factory.lastWork?.(resource),
    site: origin.site?.toString(),
  };
}
