/**
 * How a stream inside a transaction shares the connection with the calls beside it: each of its batches is an
 * exchange between theirs, and between two batches it holds nothing.
 *
 * It goes by the same lock as they do: while a nested transaction is open no batch is asked for, because
 * what a query of the outer transaction does must not be rolled back with the inner one.
 */
import type {Connection, NamedPortal, SharedSession} from '../../connection';
import type {Lock} from '../lock/lock';

/** The object that the stream was asked of. */
export interface SharingOwner {
  /** @throws The reason why nothing more can be asked of it. */
  assertUsable(): void;
  /** @throws The reason why what was asked for before must not be sent any more. */
  assertWritable(): void;
}

export class StreamShare implements SharedSession {
  readonly #connection: Connection;
  readonly #lock: Lock;
  readonly #owner: SharingOwner;
  readonly cancellable: boolean;

  constructor(connection: Connection, lock: Lock, owner: SharingOwner, cancellable: boolean) {
    this.#connection = connection;
    this.#lock = lock;
    this.#owner = owner;
    this.cancellable = cancellable;
  }

  /** Whether a batch may be asked for that nobody waits for yet. */
  get free(): boolean {
    return this.#lock.free && this.usable;
  }

  get usable(): boolean {
    try {
      this.#owner.assertUsable();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Waits until a batch that is waited for may be asked for.
   * @throws {UsageError} `PG_SELF_DEADLOCK`: it is read from inside a nested transaction. `PG_USED_AFTER_END`.
   * @throws {TimeoutError} `PG_ACQUIRE_LOCK_TIMEOUT`
   */
  async admitted(): Promise<void> {
    this.#owner.assertUsable();
    if (this.#lock.free) return;
    await this.#lock.acquire(this);
    // What is sent next is behind what the lock was held for, so it need not be held any longer.
    this.#lock.release();
    this.#owner.assertUsable();
  }

  assertWritable(): void {
    this.#owner.assertWritable();
  }

  send(portal: NamedPortal): void {
    this.#connection.send(portal);
  }
}
