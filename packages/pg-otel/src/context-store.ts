/**
 * What is started under a channel of ours runs in a context of OpenTelemetry: a span of a transaction is the parent of
 * those of its queries.
 */
import {AsyncLocalStorage} from 'node:async_hooks';
import {context} from '@opentelemetry/api';
import type {Context} from '@opentelemetry/api';

/** Stands for the context manager's own storage, which its API does not show, where a channel wants one. */
export class ContextStore extends AsyncLocalStorage<Context> {
  override run<R>(store: Context, callback: () => R): R;
  override run<R, Arguments extends unknown[]>(
    store: Context,
    callback: (...args: Arguments) => R,
    ...args: Arguments
  ): R {
    return context.with(store, callback, undefined, ...args);
  }
}
