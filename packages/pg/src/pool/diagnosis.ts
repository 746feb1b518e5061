/**
 * Says why nothing came free: the figures, who holds the leases, and what to do about it. Pure.
 *
 * Shows what it was given: labels and stacks of leases, and what whoever knows resources says of their work.
 */
import {TimeoutError, UsageError} from '../errors';
import type {Lease} from './lease';
import type {PoolCounts} from './pool-options';

const MOST_LEASES_LISTED = 100;

export interface Exhaustion {
  readonly waitedMilliseconds: number;
  /** The work that gives up included in `waiting`. */
  readonly stats: PoolCounts;
  /** What `describeLeases` says. */
  readonly holders: string;
  readonly lastOpenError: unknown;
}

/** Code `CONNECTION_POOL:QUEUE_TIMEOUT`; `cause` is why the last attempt to connect failed, if it did. */
export function queueTimeoutError(exhaustion: Exhaustion): TimeoutError {
  const {stats, waitedMilliseconds, holders, lastOpenError} = exhaustion;
  const sentences = [
    `No connection came free within ${Math.round(waitedMilliseconds)} ms.`,
    `The pool has ${figures(stats)}.`,
    holders,
    advice(stats, lastOpenError),
  ];
  return new TimeoutError(sentences.filter((sentence) => sentence !== '').join(' '), {
    code: 'CONNECTION_POOL:QUEUE_TIMEOUT',
    sent: 'no',
    cause: lastOpenError,
  });
}

/** One sentence that names the holders of all leases, the one who has held for longest first. */
export function describeLeases<R>(
  leases: readonly Lease<R>[],
  now: number,
  lastWork: (resource: R) => string | undefined,
): string {
  if (leases.length === 0) return '';
  const oldestFirst = leases.slice().sort((a, b) => a.leasedAt - b.leasedAt);
  const holders = oldestFirst.slice(0, MOST_LEASES_LISTED).map(({origin, leasedAt, resource}) => {
    const site = String(origin.site ?? '');
    const stack = site === '' ? '' : `\n${site}\n`;
    const work = lastWork(resource);
    const last = work === undefined ? '' : `, ${work}`;
    return `${origin.label ?? 'no label'} for ${Math.round(now - leasedAt)} ms${last}${stack}`;
  });
  const more = leases.length - holders.length;
  if (more > 0) holders.push(`${more} more`);
  return `Leases, oldest first: ${holders.join('; ')}.`;
}

export function selfDeadlockError(max: number): UsageError {
  return new UsageError(
    `This call would wait for ever: all ${max} connections of the pool are leased, and each holder (a task or a transaction) itself waits for the pool. Inside tx() and task(), use the object that the callback receives instead of the pool, or raise poolSize.`,
    {code: 'PG_SELF_DEADLOCK', sent: 'no'},
  );
}

export function poolEndedError(): UsageError {
  return new UsageError(
    'The connection pool was disposed, so it takes no more work. Dispose of it after the last use, or create a new one.',
    {code: 'PG_USED_AFTER_END', sent: 'no'},
  );
}

export function closeTimeoutError(milliseconds: number, holders: string): UsageError {
  return new UsageError(
    `The connection pool was disposed and its connections were closed after ${milliseconds} ms, before this was done.${holders === '' ? '' : ` ${holders}`} Allow dispose() more time, or end the work before.`,
    {code: 'PG_USED_AFTER_END', sent: 'no'},
  );
}

function figures(stats: PoolCounts): string {
  return `${stats.total} of at most ${stats.max} connections: ${stats.idle} idle, ${stats.leased} leased, ${stats.busy} busy with queries, ${stats.connecting} connecting; ${stats.waiting} calls wait`;
}

function advice(stats: PoolCounts, lastOpenError: unknown): string {
  const open = stats.idle + stats.leased + stats.busy;
  if (open === 0) {
    return lastOpenError === undefined
      ? 'No connection could be opened in that time: check that the server answers.'
      : 'No connection could be opened: see the cause.';
  }
  if (open < stats.max && lastOpenError !== undefined) {
    return 'The pool could not grow: see the cause.';
  }
  return stats.leased >= stats.busy
    ? 'End tasks, transactions and streams sooner (one that never ends keeps its connection), or raise poolSize.'
    : 'Make the queries faster, send fewer at a time, or raise poolSize.';
}
