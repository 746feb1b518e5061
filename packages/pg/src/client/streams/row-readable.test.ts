import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import type {RowBatch} from '../../connection';
import {batchOf} from '../../connection/testing';
import {rowReadable} from './row-readable';

test("a program that reads on from inside 'data' gets every row once", async () => {
  const left = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ];
  let given: RowBatch | undefined;
  const stream = rowReadable(() =>
    Promise.resolve({
      // All batches are there already, so each is given at once.
      next() {
        given?.release();
        const numbers = left.shift();
        given = numbers === undefined ? undefined : batchOf(numbers);
        return Promise.resolve(given);
      },
      close: () => Promise.resolve(),
    }),
  );
  const seen: unknown[] = [];
  stream.on('data', (row) => {
    seen.push(row);
    stream.read();
  });
  await once(stream, 'end');
  assert.deepEqual(
    seen,
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({n})),
  );
});
