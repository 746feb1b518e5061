import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {BatchSize, MOST_BATCH_BYTES} from './batch-size';

const sizes = (size: BatchSize, rowBytes: readonly number[]) => [
  size.rows,
  ...rowBytes.map((bytes) => size.next(bytes)),
];

test('batches begin small and soon become large, those that others wait for less so', () => {
  const small = [10, 10, 10, 10, 10];
  assert.deepEqual(sizes(new BatchSize(undefined, false), small), [16, 64, 256, 1024, 4096, 4096]);
  assert.deepEqual(sizes(new BatchSize(undefined, true), small), [1, 16, 64, 256, 512, 512]);
});

test('a size that the program says is kept', () => {
  assert.deepEqual(sizes(new BatchSize(7, false), [10, 1_000_000]), [7, 7, 7]);
});

test('however large rows are, a batch is not expected to be much more than a megabyte', () => {
  const rows = fc.array(fc.oneof(fc.nat(100), fc.nat(3 * MOST_BATCH_BYTES)), {maxLength: 8});
  fc.assert(
    fc.property(rows, fc.boolean(), (rowBytes, isShared) => {
      const size = new BatchSize(undefined, isShared);
      for (const bytes of rowBytes) {
        const next = size.next(bytes);
        assert.ok(next >= 1 && (next - 1) * bytes < MOST_BATCH_BYTES);
      }
    }),
  );
});

for (const rows of [0, -1, 1.5, 2 ** 31, NaN]) {
  test(`${rows} rows are no batch`, () => {
    assert.throws(() => new BatchSize(rows, false), {code: 'PG_INVALID_ARGUMENT'});
  });
}
