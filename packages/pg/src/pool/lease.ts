/**
 * A resource on loan to one holder, until it is released or destroyed.
 *
 * Ends exactly once. A lease whose resource broke or was taken away by the pool ends like any other; that
 * end has no effect, since there is nothing left to give back.
 */
import {UsageError} from '../errors';

export interface LeaseOrigin {
  /** The lease inside whose use this one was asked for, or any other token of who asked. */
  readonly holder: object | undefined;
  readonly label: string | undefined;
  /** Says where it was asked for: the frames of a stack. */
  readonly site: {toString(): string} | undefined;
}

export interface LeaseOwner<R> {
  /** `reason` is given when the resource must not be used again. */
  end(lease: Lease<R>, reason: Error | undefined): void;
}

export class Lease<R> {
  #phase: 'held' | 'released' | 'destroyed' = 'held';
  readonly #owner: LeaseOwner<R>;

  constructor(
    readonly resource: R,
    readonly origin: LeaseOrigin,
    /** On the clock of the pool. */
    readonly leasedAt: number,
    owner: LeaseOwner<R>,
  ) {
    this.#owner = owner;
  }

  /**
   * Gives the resource back. One that is no longer usable is destroyed instead of being handed on.
   *
   * @throws {UsageError} `PG_USED_AFTER_END`: the lease ended before.
   */
  release(): void {
    if (this.#phase !== 'held') throw this.#endedBefore('released');
    this.#phase = 'released';
    this.#owner.end(this, undefined);
  }

  /**
   * Closes the resource at once instead of giving it back. Destroying it twice does nothing more.
   *
   * @throws {UsageError} `PG_USED_AFTER_END`: the lease was released, so the resource may be another's.
   */
  destroy(reason: Error): void {
    if (this.#phase === 'destroyed') return;
    if (this.#phase === 'released') throw this.#endedBefore('destroyed');
    this.#phase = 'destroyed';
    this.#owner.end(this, reason);
  }

  #endedBefore(what: string): UsageError {
    const label = this.origin.label === undefined ? '' : ` (${this.origin.label})`;
    return new UsageError(
      `The lease${label} cannot be ${what}: it was ${this.#phase} before. Its connection may serve somebody else by now. End every lease exactly once.`,
      {code: 'PG_USED_AFTER_END'},
    );
  }
}
