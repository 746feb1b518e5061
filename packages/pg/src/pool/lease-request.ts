/**
 * A call of `acquire` that waits in the pool. It is a task to the queue (so that leases and shared work
 * stand in one line) but is given a lease instead of being started.
 */
import {CostEstimate} from './cost-estimate';
import type {Lane, Task} from './lane';
import type {Lease, LeaseOrigin} from './lease';
import type {Fifo} from './queue';

// How long leases are held says nothing about the next one, so this stays at unknown.
const UNKNOWN_COST = new CostEstimate();

export class LeaseRequest<R> implements Task<R> {
  readonly cost = UNKNOWN_COST;
  readonly alone = true;
  readonly holder: object | undefined;
  lane: Lane<R> | undefined = undefined;
  startedAt = 0;
  queuedAt = 0;
  expectedMilliseconds = 0;
  arrival = 0;
  queue: Fifo<Task<R>> | undefined = undefined;
  queuePrevious: Task<R> | undefined = undefined;
  queueNext: Task<R> | undefined = undefined;

  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (lease: Lease<R>) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #withdraw: (request: LeaseRequest<R>) => void;

  constructor(
    readonly origin: LeaseOrigin,
    signal: AbortSignal | undefined,
    settle: {resolve: (lease: Lease<R>) => void; reject: (reason: unknown) => void},
    /** Takes the request out of the queue. */
    withdraw: (request: LeaseRequest<R>) => void,
  ) {
    this.holder = origin.holder;
    this.#signal = signal;
    this.#resolve = settle.resolve;
    this.#reject = settle.reject;
    this.#withdraw = withdraw;
    signal?.addEventListener('abort', this, {once: true});
  }

  /** Called by the signal, and only while the request waits. */
  handleEvent(): void {
    this.#withdraw(this);
    this.#reject(this.#signal?.reason);
  }

  get site(): LeaseOrigin['site'] {
    return this.origin.site;
  }

  get purpose(): string | undefined {
    return this.origin.label;
  }

  grant(lease: Lease<R>): void {
    this.#signal?.removeEventListener('abort', this);
    this.#resolve(lease);
  }

  start(): void {
    throw new Error('A request for a lease is granted, not started. This is a bug of the pool.');
  }

  fail(error: Error): void {
    this.#signal?.removeEventListener('abort', this);
    this.#reject(error);
  }
}
