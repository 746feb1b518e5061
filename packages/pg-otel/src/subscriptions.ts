/** Subscriptions to channels, which end together. */
import {subscribe, tracingChannel, unsubscribe} from 'node:diagnostics_channel';
import {context} from '@opentelemetry/api';
import type {Context} from '@opentelemetry/api';
import {ContextStore} from './context-store';

export interface OperationListener<Trace> {
  /** The context in which the operation is to run. */
  readonly begin: (trace: Trace) => Context;
  readonly end: (trace: Trace) => void;
}

export class Subscriptions {
  readonly #ends: (() => void)[] = [];

  /** @param isTrace Whether a message is what this channel is known to carry. */
  operation<Trace extends object>(
    name: string,
    isTrace: (message: unknown) => message is Trace,
    {begin, end}: OperationListener<Trace>,
  ): void {
    const {start, asyncEnd} = tracingChannel<Context, object>(`@databases/pg:${name}`);
    const store = new ContextStore();
    start.bindStore(store, (message) => (isTrace(message) ? begin(message) : context.active()));
    const hearEnd = (message: unknown) => {
      if (isTrace(message)) end(message);
    };
    asyncEnd.subscribe(hearEnd);
    this.#ends.push(
      () => start.unbindStore(store),
      () => asyncEnd.unsubscribe(hearEnd),
    );
  }

  event<Message>(
    name: string,
    isMessage: (message: unknown) => message is Message,
    hear: (message: Message) => void,
  ): void {
    const listener = (message: unknown) => {
      if (isMessage(message)) hear(message);
    };
    const channel = `@databases/pg:${name}`;
    subscribe(channel, listener);
    this.#ends.push(() => unsubscribe(channel, listener));
  }

  end(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}
