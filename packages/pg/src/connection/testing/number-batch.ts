/** For tests: batches as they come from a server. */
import {RowBatch} from '../rows/row-batch';
import {TunedDecoder} from '../rows/tuned-decoder';
import {ByteWriter} from '../../protocol';
import {writeDataRow} from '../../protocol/testing';

const decoder = new TunedDecoder([
  {
    name: 'n',
    typeName: 'int4',
    decode: (bytes, start, end) => Number(bytes.toString('utf8', start, end)),
  },
]);

/** A batch of rows with a column `n`. */
export function batchOf(numbers: readonly number[]): RowBatch {
  const batch = new RowBatch(decoder);
  const writer = new ByteWriter();
  for (const number of numbers) writeDataRow(writer, [String(number)]);
  const messages = writer.take();
  batch.add(messages, 0, messages.length, numbers.length);
  return batch;
}
