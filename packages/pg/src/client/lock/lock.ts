/**
 * Who may use a connection or transaction object: calls of its own go on the wire in the order they are
 * made, but while a nested transaction or a stream is open on it, they wait, first in, first out.
 *
 * Waiting is bounded, and refused at once where the waiting call was made from inside the very thing it
 * waits for, because then it would wait for itself.
 */
import {TimeoutError, UsageError} from '../../errors';
import {isInside} from '../callers/context';
import {StreamHold} from './stream-hold';

interface Waiter {
  readonly admit: () => void;
}

/** A stream that is not read on for so long while a call from inside its loop waits is waiting for that call. */
const UNREAD_MILLISECONDS = 100;
const LONGEST_TEXT = 100;

export class Lock {
  readonly #timeoutMilliseconds: number;
  readonly #name: string;
  readonly #waiters: Waiter[] = [];
  /** What holds the lock: a nested transaction or a stream. */
  #holder: object | undefined;

  /** @param timeoutMilliseconds How long a call waits. 0 = for ever. */
  constructor(name: string, timeoutMilliseconds: number) {
    this.#name = name;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  get free(): boolean {
    return this.#holder === undefined && this.#waiters.length === 0;
  }

  /** Takes the lock for `holder` if that needs no waiting. */
  take(holder: object): boolean {
    if (!this.free) return false;
    this.#holder = holder;
    return true;
  }

  /**
   * Waits for the lock and takes it for `holder`.
   * @throws {UsageError} `PG_SELF_DEADLOCK`: called from inside the holder. For a stream it takes a moment to know.
   * @throws {TimeoutError} `PG_ACQUIRE_LOCK_TIMEOUT`: it was not released in time.
   */
  async acquire(holder: object): Promise<void> {
    if (!this.free) await this.#wait();
    this.#holder = holder;
  }

  release(): void {
    this.#holder = undefined;
    this.#waiters.shift()?.admit();
  }

  #wait(): Promise<void> {
    const holder = this.#holder;
    const inside = holder !== undefined && isInside(holder);
    if (inside && !(holder instanceof StreamHold)) {
      throw new UsageError(
        `this ${this.#name} is used from inside a nested transaction or stream of its own, which it would wait for for ever; use the object that the inner callback is given`,
        {code: 'PG_SELF_DEADLOCK'},
      );
    }
    return new Promise((resolve, reject) => {
      const since = performance.now();
      let timer: NodeJS.Timeout | undefined;
      let suspicion: NodeJS.Timeout | undefined;
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(timer);
          clearTimeout(suspicion);
          // Held from here on, so that nobody slips in before the waiter goes on.
          this.#holder = waiter;
          resolve();
        },
      };
      const refuse = (error: Error) => {
        clearTimeout(timer);
        clearTimeout(suspicion);
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(error);
      };
      this.#waiters.push(waiter);
      if (inside && holder instanceof StreamHold && !holder.reading) {
        const {reads} = holder;
        suspicion = setTimeout(() => {
          const isUnread = holder.reads === reads && !holder.reading;
          if (this.#holder === holder && isUnread) refuse(this.#insideLoop(holder));
        }, UNREAD_MILLISECONDS);
      }
      if (this.#timeoutMilliseconds === 0) return;
      timer = setTimeout(() => {
        const waited = Math.round(performance.now() - since);
        refuse(
          new TimeoutError(
            `waited ${waited} ms for a nested transaction or stream on this ${this.#name} to end; await it before the next call, or raise acquireLockTimeoutMilliseconds. Inside a loop over a stream, read it in a transaction with tx(), which lets other queries in between its batches, or use another connection, such as the pool`,
            {code: 'PG_ACQUIRE_LOCK_TIMEOUT'},
          ),
        );
      }, this.#timeoutMilliseconds);
    });
  }

  #insideLoop({text}: StreamHold): UsageError {
    const of = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
    return new UsageError(
      `this ${this.#name} is used inside the loop over a stream of its own (${of}), which holds its connection until it has ended: it would wait for itself for ever. Read the stream in a transaction with tx(), which lets other queries in between its batches, or use another connection for them, such as the pool`,
      {code: 'PG_SELF_DEADLOCK'},
    );
  }
}
