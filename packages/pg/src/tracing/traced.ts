/**
 * Runs a promise under a tracing channel, as `TracingChannel.tracePromise` does, except that the result is not given
 * to subscribers: rows are the program's.
 */
import type {TracingChannel} from 'node:diagnostics_channel';
import type {Trace} from './traces';

/**
 * What is started inside `run` sees what subscribers bound to the `start` channel (`bindStore`).
 *
 * @param finish Completes the trace with what is known once it succeeded.
 */
export function traced<C extends Trace, T>(
  channel: TracingChannel<unknown, C>,
  trace: C,
  run: () => Promise<T>,
  finish?: (trace: C, result: T) => void,
): Promise<T> {
  const {start, end} = channel;
  return start.runStores(trace, () => {
    const promise = toldOf(channel, trace, begin(run), finish);
    end.publish(trace);
    return promise;
  });
}

/** A function of its own, so that `run`, and what that has at hand, is not kept until the end. */
function toldOf<C extends Trace, T>(
  channel: TracingChannel<unknown, C>,
  trace: C,
  work: Promise<T>,
  finish: ((trace: C, result: T) => void) | undefined,
): Promise<T> {
  const settled = () => {
    channel.asyncStart.publish(trace);
    channel.asyncEnd.publish(trace);
  };
  return work.then(
    (result) => {
      finish?.(trace, result);
      settled();
      return result;
    },
    (reason: unknown) => {
      trace.error = reason;
      channel.error.publish(trace);
      settled();
      throw reason;
    },
  );
}

/** Some calls throw before there is a promise: that is an end like any other. */
function begin<T>(run: () => Promise<T>): Promise<T> {
  try {
    return run();
  } catch (error) {
    return Promise.reject(error);
  }
}
