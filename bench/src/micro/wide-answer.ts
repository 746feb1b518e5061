/** The bytes that a server answers workload `rows` with, made here: 1000 rows, as binary where that is asked for. */
import {wideItemCount} from '../data-set';
import {int16, int32, message} from '../wire-bytes';

export const rowCount = wideItemCount;

const epoch = Date.UTC(2000, 0, 1);
const firstInstant = Date.UTC(2024, 0, 1);
const millisecondsPerMinute = 60_000;

const columns: readonly [name: string, typeOid: number][] = [
  ['id', 23],
  ['counter', 20],
  ['ratio', 701],
  ['active', 16],
  ['name', 25],
  ['note', 25],
  ['created_at', 1184],
  ['amount', 1700],
  ['key', 2950],
  ['tags', 3802],
];

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function dataRow(id: number): Buffer {
  const note =
    id % 3 === 0
      ? undefined
      : Buffer.from(`a note about the item with the number ${id}, of some length`);
  const values = [
    int32(id),
    int64(id * 1_000_003),
    float64(id / 8),
    Buffer.of(id % 2 === 0 ? 1 : 0),
    Buffer.from(`name ${id}`),
    note,
    int64((firstInstant + id * millisecondsPerMinute - epoch) * 1000),
    Buffer.from((id + 0.25).toFixed(2)),
    Buffer.from(`6f1c2b3a0d4e4f5a8b6c${String(id).padStart(12, '0')}`, 'hex'),
    Buffer.from(`\u0001{"id": ${id}, "kinds": ["a", "b"]}`),
  ];
  const parts = values.flatMap((value) =>
    value === undefined ? [int32(-1)] : [int32(value.length), value],
  );
  return message('D', int16(values.length), ...parts);
}

/** What Parse and Describe are answered with. */
export function wideDescription(): Buffer {
  const fields = columns.map(([name, typeOid]) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(typeOid),
      int16(-1),
      int32(-1),
      int16(0),
    ]),
  );
  return Buffer.concat([
    message('1'),
    message('t', int16(0)),
    message('T', int16(columns.length), ...fields),
    message('Z', Buffer.from('I')),
  ]);
}

/** What Bind and Execute are answered with. */
export function wideAnswer(): Buffer {
  const rows = Array.from({length: rowCount}, (_, index) => dataRow(index + 1));
  return Buffer.concat([
    message('2'),
    ...rows,
    message('C', Buffer.from(`SELECT ${rowCount}\0`)),
    message('Z', Buffer.from('I')),
  ]);
}
