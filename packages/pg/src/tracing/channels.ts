/**
 * The diagnostics channels of this package: what happens, told to whoever subscribed, such as a tracer.
 *
 * They tell and do not decide: no subscriber changes what is sent. While nobody listens, a query costs one look at
 * `hasSubscribers`. No context holds rows or, in a field that can be printed, values of parameters.
 * https://nodejs.org/api/diagnostics_channel.html#tracingchannel-channels says when which event comes: `start` and
 * `end` around the call, `error` where it fails, `asyncStart` and `asyncEnd` when its promise settles.
 */
import {channel, tracingChannel} from 'node:diagnostics_channel';
import type {Channel, TracingChannel} from 'node:diagnostics_channel';
import type {
  AcquireTrace,
  CancelTrace,
  ConnectTrace,
  QueryTrace,
  StreamTrace,
  TransactionTrace,
} from './traces';

/** Every call of `query`, and every query of `pipeline`, until its rows are there. */
export const queryChannel: TracingChannel<unknown, QueryTrace> =
  tracingChannel('@databases/pg:query');
/** From the call of `tx` to its end, retries included. Savepoints are not among them. */
export const transactionChannel: TracingChannel<unknown, TransactionTrace> = tracingChannel(
  '@databases/pg:transaction',
);
/** Waiting for a connection to hold: of a task, transaction, pipeline, stream or copy. And of a query that waits for a place. */
export const acquireChannel: TracingChannel<unknown, AcquireTrace> =
  tracingChannel('@databases/pg:acquire');
/** Opening a connection, whatever hosts and addresses have to be tried. */
export const connectChannel: TracingChannel<unknown, ConnectTrace> =
  tracingChannel('@databases/pg:connect');
/** A cancel request, until the server has taken it. */
export const cancelChannel: TracingChannel<unknown, CancelTrace> =
  tracingChannel('@databases/pg:cancel');
/** Streams and copies, from their connection to their end, whoever brought that about. */
export const streamChannel: TracingChannel<unknown, StreamTrace> =
  tracingChannel('@databases/pg:stream');
/** One event, a `ReleaseTrace`: what was acquired was given back. */
export const releaseChannel: Channel = channel('@databases/pg:release');
/** One event, a `PoolTrace`: a pool was created. */
export const poolChannel: Channel = channel('@databases/pg:pool');
