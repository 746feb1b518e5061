/** Opens the reader of a stream, and tells the diagnostics channels of it where somebody listens. */
import {streamChannel, traced} from '../../tracing';
import {streamTrace} from '../queries/traced-query';
import {RowReader} from './row-reader';
import type {ReaderParts} from './row-reader';

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
    const whole = traced(streamChannel, trace, async () => {
      const opening = RowReader.start(parts);
      opening.then(resolve, reject);
      const reader = await opening;
      await reader.whenEnded().finally(() => (trace.rowCount = reader.rowCount));
    });
    // The reader tells its own errors.
    whole.catch(() => undefined);
  });
}
