/**
 * All that a pool listens to, on one connection: who is called for what, and getting the connection back when
 * it is lost.
 *
 * It has a connection while there are subscribers, none otherwise. Invariants: every call of `listen` settles; a
 * subscriber that missed something is told, after the server listens again and never before; after
 * `end` nobody is called.
 */
import {isTransientConnectFailure} from '../../connection';
import type {Connection} from '../../connection';
import {ConnectionError, TimeoutError, asError} from '../../errors';
import type {TimerHandle} from '../../pool';
import {runOutside} from '../callers/context';
import {usedAfterEnd} from '../callers/used-after-end';
import {Backoff} from './backoff';
import {assertChannel} from './channel-name';
import {assertHandler} from './handler';
import {ListeningSession} from './listening-session';
import type {ListeningEnvironment} from './listening-session';
import type {ListenOptions, Notification, Subscription} from './notification';
import {Subscriber} from './subscriber';

/** How long a server that is starting up or out of connections is waited for by who does not listen yet. */
const OPEN_RETRY_MILLISECONDS = 5000;

export interface ListenerParts extends ListeningEnvironment {
  readonly open: () => Promise<Connection>;
  /** Is told of errors that no caller waits for. Must not throw. */
  readonly report: (error: Error) => void;
  /** How long a call of `listen` may wait. 0: for ever. */
  readonly waitMilliseconds: number;
}

interface Channel {
  /** Replaced, not changed: a handler may subscribe and close while it is gone through. */
  subscribers: readonly Subscriber[];
  inEffect: boolean;
}

/** `waiting`: for the pause between two attempts to be over. */
type ListenerPhase = 'off' | 'waiting' | 'connecting' | 'connected' | 'ended';

export class Listener {
  readonly #parts: ListenerParts;
  readonly #backoff: Backoff;
  readonly #channels = new Map<string, Channel>();
  #phase: ListenerPhase = 'off';
  #session: ListeningSession | undefined;
  #timer: TimerHandle | undefined;
  #attempt: Promise<void> | undefined;
  /** The last moment before which certainly nothing was missed, by the time of day. */
  #certain = 0;
  /** Why the connection is, or was until just now, not there. */
  #outage: Error | undefined;
  /** The last failure to connect that was told of: the same one is not told twice a second. */
  #toldOf: string | undefined;
  #ended: Promise<void> | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  /** See `ConnectionPool.listen`. */
  async listen(
    name: string,
    handler: (notification: Notification) => unknown,
    options: ListenOptions = {},
  ): Promise<Subscription> {
    if (this.#phase === 'ended') throw listenerEnded();
    assertChannel(name);
    assertHandler('the handler of listen()', handler);
    if (options.onGap !== undefined) assertHandler('onGap', options.onGap);
    const {clock, report, timeOfDay} = this.#parts;
    const subscriber = new Subscriber(name, handler, options.onGap, clock.now(), {
      left: (leaver) => this.#leave(leaver),
      failed: report,
    });
    const known = this.#channels.get(name);
    const channel: Channel = known ?? {subscribers: [], inEffect: false};
    channel.subscribers = [...channel.subscribers, subscriber];
    if (channel.inEffect) subscriber.open(timeOfDay());
    if (known === undefined) {
      this.#channels.set(name, channel);
      runOutside(() =>
        this.#session === undefined ? this.#connect() : this.#session.listen(name),
      );
    }
    return this.#inTime(subscriber);
  }

  /** Ends all subscriptions. Resolves when the connection is closed. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  // From the connector.
  notification(connection: Connection, notification: Notification): void {
    const session = this.#session;
    if (session?.connection !== connection || !session.hear(notification)) return;
    const channel = this.#channels.get(notification.channel);
    if (channel === undefined) return;
    for (const subscriber of channel.subscribers) subscriber.deliver(notification);
  }

  // From the connector.
  closed(connection: Connection, error: Error | undefined): void {
    connection.whenClosed?.();
    const session = this.#session;
    if (session?.connection !== connection) return;
    session.stop();
    this.#session = undefined;
    this.#phase = 'off';
    for (const channel of this.#channels.values()) channel.inEffect = false;
    this.#backoff.lost(this.#parts.clock.now() - session.openedAt);
    const reason =
      error ?? new ConnectionError('the connection was closed', {code: 'PG_CONNECTION_LOST'});
    if (this.#outage === undefined && this.#isPromised()) this.#reportLoss(reason);
    this.#outage ??= reason;
    this.#connect();
  }

  /** Somebody was told that the server listens. */
  #isPromised(): boolean {
    for (const {subscribers} of this.#channels.values()) {
      if (subscribers.some(({phase}) => phase === 'open')) return true;
    }
    return false;
  }

  #reportLoss(reason: Error): void {
    this.#parts.report(
      new ConnectionError(
        `the connection that listens for notifications was lost and is opened again; what was notified since ${new Date(this.#certain).toISOString()} may be missed: ${reason.message}`,
        {code: 'PG_CONNECTION_LOST', cause: reason},
      ),
    );
  }

  #inTime(subscriber: Subscriber): Promise<Subscription> {
    const {clock, waitMilliseconds} = this.#parts;
    if (waitMilliseconds === 0 || subscriber.phase !== 'pending') return subscriber.opened;
    const timer = clock.setTimer(() => {
      this.#fail(
        subscriber,
        new TimeoutError(
          `the server did not listen to ${JSON.stringify(subscriber.channel)} within ${waitMilliseconds} ms (queueTimeoutMilliseconds)${this.#outage === undefined ? '' : `: ${this.#outage.message}`}`,
          {code: 'CONNECTION_POOL:QUEUE_TIMEOUT', cause: this.#outage},
        ),
      );
    }, waitMilliseconds);
    return subscriber.opened.finally(() => clock.clearTimer(timer));
  }

  #connect(): void {
    if (this.#phase !== 'off' || this.#channels.size === 0) return;
    const {pause} = this.#backoff;
    if (pause === 0) return this.#open();
    this.#phase = 'waiting';
    this.#timer = this.#parts.clock.setTimer(() => this.#open(), pause);
  }

  #open(): void {
    this.#phase = 'connecting';
    this.#timer = undefined;
    this.#attempt = this.#parts
      .open()
      .then((connection) => this.#opened(connection))
      .catch((error: unknown) => this.#openFailed(asError(error)));
  }

  #opened(connection: Connection): Promise<void> | undefined {
    const session = new ListeningSession(connection, this.#parts, {
      confirmed: (names, askedAt) => this.#confirmed(names, askedAt),
      refused: (name, error) => this.#refused(session, name, error),
      unfit: (error) => this.#failPending(() => error),
    });
    if (this.#phase !== 'connecting' || this.#channels.size === 0) {
      if (this.#phase === 'connecting') this.#phase = 'off';
      return session.close();
    }
    this.#phase = 'connected';
    this.#session = session;
    for (const name of this.#channels.keys()) session.listen(name);
    return undefined;
  }

  #openFailed(error: Error): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'off';
    this.#backoff.failed();
    this.#outage ??= error;
    if (this.#isPromised() && this.#toldOf !== error.message) {
      this.#toldOf = error.message;
      this.#parts.report(error);
    }
    const now = this.#parts.clock.now();
    const isWorthWaiting = isTransientConnectFailure(error);
    this.#failPending(({requestedAt}) =>
      isWorthWaiting && now - requestedAt < OPEN_RETRY_MILLISECONDS ? undefined : error,
    );
    this.#connect();
  }

  #failPending(reasonFor: (subscriber: Subscriber) => Error | undefined): void {
    for (const {subscribers} of this.#channels.values()) {
      for (const subscriber of subscribers) {
        const reason = subscriber.phase === 'pending' ? reasonFor(subscriber) : undefined;
        if (reason !== undefined) this.#fail(subscriber, reason);
      }
    }
  }

  #fail(subscriber: Subscriber, error: Error): void {
    subscriber.fail(error);
    void this.#leave(subscriber);
  }

  /** LISTEN failed: on a standby, for example. */
  #refused(session: ListeningSession, name: string, error: Error): void {
    for (const subscriber of this.#channels.get(name)?.subscribers ?? []) {
      if (subscriber.phase === 'pending') this.#fail(subscriber, error);
    }
    // Those who were there before need another server.
    if (this.#channels.has(name)) session.connection.destroy(error);
  }

  #confirmed(names: readonly string[], askedAt: number): void {
    const reason = this.#outage;
    const certain = this.#certain;
    this.#outage = undefined;
    this.#toldOf = undefined;
    this.#certain = askedAt;
    for (const name of names) {
      const channel = this.#channels.get(name);
      if (channel === undefined || channel.inEffect) continue;
      channel.inEffect = true;
      for (const subscriber of channel.subscribers) {
        if (reason !== undefined) subscriber.gap(certain, reason);
        subscriber.open(this.#parts.timeOfDay());
      }
    }
  }

  async #leave(subscriber: Subscriber): Promise<void> {
    const name = subscriber.channel;
    const channel = this.#channels.get(name);
    if (channel?.subscribers.includes(subscriber) !== true) return;
    channel.subscribers = channel.subscribers.filter((other) => other !== subscriber);
    if (channel.subscribers.length > 0) return;
    this.#channels.delete(name);
    if (this.#channels.size === 0) await this.#disconnect();
    else await this.#session?.unlisten(name);
  }

  async #disconnect(): Promise<void> {
    if (this.#timer !== undefined) this.#parts.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#outage = undefined;
    const session = this.#session;
    this.#session = undefined;
    // An attempt under way goes on: what it gives is used by who listens next, or closed.
    if (this.#phase !== 'connecting' && this.#phase !== 'ended') this.#phase = 'off';
    await session?.close();
  }

  async #end(): Promise<void> {
    this.#phase = 'ended';
    const error = listenerEnded();
    for (const {subscribers} of this.#channels.values()) {
      for (const subscriber of subscribers) subscriber.end(error);
    }
    this.#channels.clear();
    await this.#disconnect();
    await this.#attempt;
  }
}

function listenerEnded(): Error {
  return usedAfterEnd(
    'connection pool',
    'it was disposed, which closes its subscriptions; listen with a pool that is open',
  );
}
