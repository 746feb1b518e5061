/**
 * A subscription that stays with the primary: after a failover it listens on the new one, closes what it had on the old
 * one, and tells the program what may be missing in between.
 *
 * Invariant: one at a time is listened on; none once it is closed, and no handler is called after that.
 */
import type {ListenOptions, Notification, NotificationGap, Subscription} from '@databases/pg';
import type {EventHub} from '../api/cluster-events';
import type {ClusterState} from '../topology/cluster-state';
import type {PrimaryWork} from './primary-work';
import {isNodeTrouble} from './rerun';

export interface FollowingParts {
  readonly state: ClusterState;
  readonly primary: PrimaryWork;
  readonly events: EventHub;
}

/** Between attempts to listen on a primary that refuses it. */
const AGAIN_MILLISECONDS = 500;

export class FollowingListen implements Subscription {
  readonly channel: string;
  readonly #parts: FollowingParts;
  readonly #handler: (notification: Notification) => unknown;
  readonly #onGap: ListenOptions['onGap'];
  #current: Subscription | undefined;
  #phase: 'listening' | 'moving' | 'movingOn' | 'closed' = 'listening';
  /** All that was notified until then has arrived. */
  #certain = new Date();
  #unsubscribe: (() => void) | undefined;

  constructor(
    parts: FollowingParts,
    channel: string,
    handler: (notification: Notification) => unknown,
    options: ListenOptions,
  ) {
    this.#parts = parts;
    this.channel = channel;
    this.#handler = handler;
    this.#onGap = options.onGap;
  }

  /** @throws As `listen` of a pool. */
  async start(): Promise<this> {
    this.#current = await this.#listen();
    this.#unsubscribe = this.#parts.events.on('failover', ({from, to}) => {
      this.#move(new Error(`${to} has taken over from ${from ?? 'the primary before'}`));
    });
    return this;
  }

  async close(): Promise<void> {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#unsubscribe?.();
    await this.#current?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<Subscription> {
    const subscription = await this.#parts.primary.run(
      (node) => {
        const isCurrent = () => this.#phase !== 'closed' && node === this.#parts.state.primary;
        return node.pool.listen(
          this.channel,
          (notification) => {
            // One that was replaced may still have something to say.
            if (!isCurrent()) return undefined;
            this.#certain = new Date();
            return this.#handler(notification);
          },
          {
            onGap: (gap) => {
              if (!isCurrent()) return undefined;
              this.#certain = new Date();
              return this.#onGap?.(gap);
            },
          },
        );
      },
      isNodeTrouble,
      true,
    );
    this.#certain = new Date();
    return subscription;
  }

  /** As a pool does, an error of the program's function is told of and harms nothing. */
  async #tell(gap: NotificationGap): Promise<void> {
    try {
      await this.#onGap?.(gap);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** While it moves, another failover has it move on from where it gets. */
  #move(reason: Error): void {
    if (this.#phase === 'listening') {
      this.#phase = 'moving';
      void this.#follow(reason);
    } else if (this.#phase === 'moving') {
      this.#phase = 'movingOn';
    }
  }

  async #follow(reason: Error): Promise<void> {
    const gap = {channel: this.channel, since: this.#certain, reason};
    while (this.#moves()) {
      // The server it was on may never answer.
      void this.#current?.close().catch(() => undefined);
      this.#current = undefined;
      this.#phase = 'moving';
      try {
        const found = await this.#listen();
        this.#current = found;
        if (this.#phase === 'moving') {
          this.#phase = 'listening';
          await this.#tell(gap);
          return;
        }
      } catch {
        if (this.#parts.state.closed) return;
        await this.#parts.state.change(AGAIN_MILLISECONDS);
      }
    }
    void this.#current?.close().catch(() => undefined);
  }

  #moves(): boolean {
    return this.#phase === 'moving' || this.#phase === 'movingOn';
  }
}
