import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ByteWriter} from '../protocol';
import {DataTypeID} from '../types';
import {arrayEncoder} from './array-encoder';
import {CopyPlace} from './copy-place';
import {encodeInt4} from './number-encoders';
import {encodeText} from './text-encoders';
import type {ValueEncoder} from './value-encoder';

const place = new CopyPlace(['a']);

/** As array_recv reads it, by the encoder of the elements alone. */
function expected(
  elementOid: number,
  encode: ValueEncoder,
  lengths: readonly number[],
  elements: readonly unknown[],
): string {
  const out = new ByteWriter();
  const start = out.mark();
  out.int32(0);
  for (const head of [lengths.length, 0, elementOid]) out.int32(head);
  for (const length of lengths) {
    out.int32(length);
    out.int32(1);
  }
  for (const element of elements) {
    if (element === null) out.int32(-1);
    else encode(out, element, place);
  }
  out.fillLength(start);
  return out.take().toString('hex');
}

function written(elementOid: number, encode: ValueEncoder, value: unknown): string {
  const out = new ByteWriter(64);
  arrayEncoder(elementOid, encode, false)(out, value, place);
  return out.take().toString('hex');
}

function refused(value: unknown, message: RegExp): void {
  assert.throws(() => written(DataTypeID.int4, encodeInt4, value), {message});
}

test('elements are written as values of their type are, however many there are', () => {
  const texts = fc.oneof(fc.string(), fc.constantFrom(null, 'é', 'x'.repeat(100), 7));
  const integers = fc.oneof(fc.integer(), fc.constantFrom(null, '7', 8n));
  for (const [oid, encode, values] of [
    [DataTypeID.text, encodeText, texts],
    [DataTypeID.int4, encodeInt4, integers],
  ] as const) {
    const arrays = fc.array<unknown>(values, {minLength: 1, maxLength: 100, size: 'max'});
    fc.assert(
      fc.property(arrays, (elements) => {
        const one = expected(oid, encode, [elements.length], elements);
        assert.equal(written(oid, encode, elements), one);
        const two = expected(oid, encode, [2, elements.length], [...elements, ...elements]);
        assert.equal(written(oid, encode, [elements, elements]), two);
      }),
    );
  }
});

test('an element that cannot be sent is named, wherever it stands', () => {
  const many = Array.from({length: 100}, (_, i) => i);
  refused(many.with(40, Number.NaN), /, element 41, is not a whole number/);
  refused([many, many.with(99, 0.5)], /, element 2\.100, is not a whole number/);
  refused([...many, [1]], /, element 101, makes the array ragged/);
  refused([many, many.slice(1)], /, element 2, makes the array ragged/);
  refused([many, 1], /, element 2, makes the array ragged/);
  refused([...many, undefined], /, element 101, is undefined/);
});
