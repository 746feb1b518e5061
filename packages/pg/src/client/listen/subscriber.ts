/**
 * One call of `listen`: its handlers and its way from being asked for to being closed.
 *
 * Invariants: its promise settles once; no handler is called once it is closed; nothing that a handler does
 * gets out of here.
 */
import {AsyncResource} from 'node:async_hooks';
import {asError} from '../../errors';
import {runOutside} from '../callers/context';
import type {ListenOptions, Notification, Subscription} from './notification';

export interface SubscriberEvents {
  /** It is closed: take it out. Resolves when the server knows. */
  left(subscriber: Subscriber): Promise<void>;
  /** A handler failed. */
  failed(error: Error): void;
}

type SubscriberPhase = 'pending' | 'open' | 'closed';

export class Subscriber implements Subscription {
  readonly channel: string;
  /** Settles with the call of `listen`. */
  readonly opened: Promise<Subscription>;
  /** On the pool's clock. */
  readonly requestedAt: number;
  phase: SubscriberPhase = 'pending';
  readonly #handler: (notification: Notification) => unknown;
  readonly #onGap: ListenOptions['onGap'];
  readonly #events: SubscriberEvents;
  // Handlers run where `listen` was called, as far as the program's own AsyncLocalStorage is concerned; the
  // transaction that it was perhaps called in is over by then.
  readonly #context = runOutside(() => new AsyncResource('PG_SUBSCRIPTION'));
  /** By the time of day, since when it has missed nothing. */
  #openedAt = 0;
  #settle!: {resolve: (subscription: Subscription) => void; reject: (error: Error) => void};
  #closed: Promise<void> | undefined;

  constructor(
    channel: string,
    handler: (notification: Notification) => unknown,
    onGap: ListenOptions['onGap'],
    requestedAt: number,
    events: SubscriberEvents,
  ) {
    this.channel = channel;
    this.requestedAt = requestedAt;
    this.#handler = handler;
    this.#onGap = onGap;
    this.#events = events;
    this.opened = new Promise((resolve, reject) => {
      this.#settle = {resolve, reject};
    });
  }

  /** The server listens. */
  open(timeOfDay: number): void {
    if (this.phase !== 'pending') return;
    this.phase = 'open';
    this.#openedAt = timeOfDay;
    this.#settle.resolve(this);
  }

  /** The call of `listen` fails. */
  fail(error: Error): void {
    if (this.phase !== 'pending') return;
    this.phase = 'closed';
    this.#settle.reject(error);
  }

  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    if (this.phase === 'closed') return Promise.resolve();
    this.phase = 'closed';
    this.#closed = this.#events.left(this);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The pool was disposed. */
  end(error: Error): void {
    this.fail(error);
    this.phase = 'closed';
  }

  // Before the promise resolves, too: what arrives behind the LISTEN in the same bytes is not lost.
  deliver(notification: Notification): void {
    if (this.phase !== 'closed') this.#call(this.#handler, notification);
  }

  /** @param certain The time of day until which the connection is known to have missed nothing. */
  gap(certain: number, reason: Error): void {
    if (this.phase !== 'open' || this.#onGap === undefined) return;
    const since = new Date(Math.max(certain, this.#openedAt));
    this.#call(this.#onGap, {channel: this.channel, since, reason});
  }

  #call<T>(handler: (argument: T) => unknown, argument: T): void {
    try {
      const result = this.#context.runInAsyncScope(handler, undefined, argument);
      // An async handler: the next one is not kept waiting, but its failure is not lost either.
      if (result instanceof Promise) result.catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#events.failed(asError(error));
  }
}
