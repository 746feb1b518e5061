import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ProtocolError, ValueError} from '../../errors';
import {ByteWriter} from '../../protocol';
import {writeDataRow} from '../../protocol/testing';
import {RowBatch} from './row-batch';
import type {Row, ValueDecoder} from './row-decoder';
import {TunedDecoder} from './tuned-decoder';

const HEADER_BYTES = 5;

const readable: ValueDecoder = (buffer, start, end) => {
  const text = buffer.toString('utf8', start, end);
  if (text === 'unreadable') throw new Error('it is not readable');
  return text;
};
const decoder = new TunedDecoder([{name: 'value', typeName: 'text', decode: readable}]);

/** DataRow messages with their headers, one behind the other. */
function messagesOf(values: readonly (string | null)[]): Buffer {
  const writer = new ByteWriter();
  for (const value of values) writeDataRow(writer, [value]);
  return Buffer.from(writer.take());
}

function addRun(batch: RowBatch, values: readonly (string | null)[]): void {
  const messages = messagesOf(values);
  batch.add(messages, 0, messages.length, values.length);
  messages.fill(0xff);
}

function addOne(batch: RowBatch, value: string | null): void {
  const message = messagesOf([value]);
  batch.addOne(message, HEADER_BYTES, message.length);
  message.fill(0xff);
}

function valuesIn(batch: RowBatch): unknown[] {
  const rows: Row[] = [];
  for (let row = batch.next(); row !== undefined; row = batch.next()) rows.push(row);
  return rows.map((row) => row['value']);
}

const value = fc.option(
  fc.oneof(
    fc.string({unit: 'grapheme'}),
    fc.nat(3000).map((length) => 'x'.repeat(length)),
  ),
  {nil: null},
);
const large = fc.integer({min: 65_530, max: 65_560}).map((length) => 'l'.repeat(length));
const pieces = fc.array(
  fc.oneof(
    {weight: 6, arbitrary: fc.array(value, {minLength: 1, maxLength: 40})},
    {weight: 1, arbitrary: large},
  ),
  {maxLength: 8},
);

test('rows come in their order, however they were added, in memory that others had before', () => {
  fc.assert(
    fc.property(fc.array(pieces, {maxLength: 3}), (batches) => {
      for (const all of batches) {
        const batch = new RowBatch(decoder);
        for (const piece of all) {
          if (typeof piece === 'string') addOne(batch, piece);
          else addRun(batch, piece);
        }
        assert.equal(batch.length, all.flat().length);
        assert.deepEqual(valuesIn(batch), all.flat());
        assert.equal(batch.error, undefined);
        batch.release();
      }
    }),
    {numRuns: 40},
  );
});

test('batches that are unread at the same time keep apart', () => {
  const [first, second] = [new RowBatch(decoder), new RowBatch(decoder)];
  for (const number of ['1', '2', '3']) {
    addRun(first, [`a${number}`]);
    addOne(second, `b${number}`);
  }
  assert.deepEqual(valuesIn(second), ['b1', 'b2', 'b3']);
  second.release();
  addRun(new RowBatch(decoder), ['other', 'other', 'other']);
  assert.deepEqual(valuesIn(first), ['a1', 'a2', 'a3']);
});

test('a run of more than one block is kept whole', () => {
  const batch = new RowBatch(decoder);
  const values = Array.from({length: 3000}, (_, index) => `${index}`.padStart(100));
  addRun(batch, values);
  assert.deepEqual(valuesIn(batch), values);
});

test('a row that cannot be read is an error behind the rows before it, and ends the batch', () => {
  const batch = new RowBatch(decoder);
  addRun(batch, ['1', '2']);
  addRun(batch, ['3', 'unreadable', '5']);
  addRun(batch, ['6']);
  assert.deepEqual(valuesIn(batch), ['1', '2', '3']);
  assert.ok(batch.error instanceof ValueError);
  assert.match(batch.error.message, /column "value" of type text: it is not readable/);
  assert.equal(batch.next(), undefined);
});

test('a large row that cannot be read is one at its place, too, though it is read when it comes', () => {
  let read = 0;
  const refusing = new TunedDecoder([
    {
      name: 'value',
      typeName: 'text',
      decode(buffer, start, end) {
        read++;
        if (end - start > 60_000) throw new Error('too large');
        return buffer.toString('utf8', start, end);
      },
    },
  ]);
  const batch = new RowBatch(refusing);
  addRun(batch, ['1', '2']);
  addOne(batch, 'x'.repeat(70_000));
  assert.equal(read, 1);
  addRun(batch, ['4']);
  assert.deepEqual(valuesIn(batch), ['1', '2']);
  assert.match(batch.error?.message ?? '', /too large/);
});

test('a message that is no row is a ProtocolError', () => {
  const batch = new RowBatch(decoder);
  const writer = new ByteWriter();
  writeDataRow(writer, ['a', 'b']);
  const message = writer.take();
  batch.add(message, 0, message.length, 1);
  assert.equal(batch.next(), undefined);
  assert.ok(batch.error instanceof ProtocolError);
});

test('a batch that was released has no rows', () => {
  const batch = new RowBatch(decoder);
  addRun(batch, ['1', '2', '3']);
  assert.equal(batch.next()?.['value'], '1');
  batch.release();
  assert.equal(batch.next(), undefined);
  batch.release();
});
