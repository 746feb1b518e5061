/** What programs see of LISTEN. Types only. */

export interface Notification {
  readonly channel: string;
  /** `''` where NOTIFY gave none. At most 7999 bytes. */
  readonly payload: string;
  /** Of the server process that notified: `pg_backend_pid()` there. */
  readonly processId: number;
}

/** Notifications may have been lost: read again what they tell of. */
export interface NotificationGap {
  readonly channel: string;
  /**
   * Until then every notification has arrived, by this machine's clock. The last moment that is certain: the
   * connection may have been lost later.
   */
  readonly since: Date;
  /** Why the connection was lost. */
  readonly reason: Error;
}

export interface ListenOptions {
  /**
   * Called when a lost connection has been replaced and the server listens again: what is notified from now
   * on arrives, what was notified since `gap.since` may not have. As with notifications, what it throws
   * goes to `onError`.
   */
  readonly onGap?: ((gap: NotificationGap) => unknown) | undefined;
}

export interface Subscription extends AsyncDisposable {
  readonly channel: string;
  /** No handler is called any more, from this call on. Resolves when the server knows. Idempotent. */
  close(): Promise<void>;
}
