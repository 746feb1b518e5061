/** Opens the reader of a stream, and tells the diagnostics channels of it where somebody listens. */
import {streamChannel, traced} from '../../tracing';
import type {StreamTrace} from '../../tracing';
import {streamTrace} from '../queries/traced-query';
import {endAtLatest} from '../telemetry/last-ends';
import {RowReader} from './row-reader';
import type {ReaderParts, StreamOutcome} from './row-reader';

/** Describes the statement, then asks for the first batch. */
export function openReader(parts: ReaderParts): Promise<RowReader> {
  return streamChannel.hasSubscribers ? openTraced(parts) : RowReader.start(parts);
}

/** The trace lasts for as long as the rows are read. */
function openTraced(parts: ReaderParts): Promise<RowReader> {
  const {planned, connection} = parts;
  const text = planned.plan.only?.text ?? '';
  const trace = streamTrace(connection.usedHost().trace, 'queryStream', text, planned.values);
  return new Promise((resolve, reject) => {
    const whole = traced(streamChannel, trace, () =>
      RowReader.start(parts).then(
        (reader) => {
          resolve(reader);
          return endOf(parts, trace, reader.outcome, reader.whenEnded());
        },
        (error: unknown) => {
          reject(error);
          throw error;
        },
      ),
    );
    whole.catch(ignore);
  });
}

/** The reader tells its own errors. Out here, a function keeps nothing of what opened it, such as the reader. */
function ignore(): void {}

/** It knows no reader, because it outlives one whose user has let go of it. */
function endOf(
  {connection, until}: ReaderParts,
  trace: StreamTrace,
  outcome: StreamOutcome,
  ended: Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (lost: Error | undefined) => {
      trace.rowCount = outcome.rowCount;
      const error = outcome.error ?? (outcome.isServed ? undefined : lost);
      if (error === undefined) resolve();
      else reject(error);
    };
    const forget = endAtLatest(connection, {until, end});
    void ended.then(() => {
      forget();
      end(undefined);
    });
  });
}
