/**
 * Shows that notifications get through a pooler, by sending one.
 *
 * Behind a pooler that gives each transaction another connection of the server, LISTEN succeeds and nothing
 * ever arrives. What gives a pooler away is that the server process that answers is not the one that was
 * named at login; whether it keeps sessions apart (then all is well) only a notification tells. It has to come
 * from another session: to its own, the server sends it with the answer.
 */
import {ConfigurationError, asError} from '../../errors';
import type {Clock, TimerHandle} from '../../pool';

/** A notification that takes longer than this from a server that has just answered does not come. */
const PATIENCE_MILLISECONDS = 5000;

export interface DeliveryProofParts {
  readonly channel: string;
  readonly target: string;
  readonly clock: Clock;
  /** Notifies from another session. */
  readonly notify: (channel: string) => Promise<unknown>;
  readonly ended: (error: Error | undefined) => void;
}

export class DeliveryProof {
  readonly channel: string;
  readonly #parts: DeliveryProofParts;
  #timer: TimerHandle | undefined;
  #phase: 'running' | 'ended' = 'running';

  constructor(parts: DeliveryProofParts) {
    this.channel = parts.channel;
    this.#parts = parts;
  }

  /** The server listens to the channel. */
  start(): void {
    const {clock, notify, channel, target} = this.#parts;
    notify(channel).then(
      () => {
        if (this.#phase !== 'running') return;
        this.#timer = clock.setTimer(
          () =>
            this.#end(
              new ConfigurationError(
                `notifications do not arrive from ${target}: it is a pooler that gives each transaction another connection of the server; listen with a pool that connects to the server itself, or have the pooler keep sessions apart (pool_mode=session)`,
              ),
            ),
          PATIENCE_MILLISECONDS,
        );
      },
      (error: unknown) => this.#end(asError(error)),
    );
  }

  /** The notification is there. */
  arrived(): void {
    this.#end(undefined);
  }

  stop(): void {
    this.#phase = 'ended';
    if (this.#timer !== undefined) this.#parts.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #end(error: Error | undefined): void {
    if (this.#phase === 'ended') return;
    this.stop();
    this.#parts.ended(error);
  }
}
