import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ProtocolError, ValueError} from '../../errors';
import {ByteWriter} from '../../protocol';
import {writeDataRow} from '../../protocol/testing';
import {buildRowDecoder} from './row-decoder';
import type {DecodedColumn, ValueDecoder} from './row-decoder';

const text: ValueDecoder = (buffer, start, end) => buffer.toString('utf8', start, end);

function columnsOf(...names: readonly string[]): DecodedColumn[] {
  return names.map((name) => ({name, typeName: 'text', decode: text}));
}

/** The body of a DataRow. */
function bodyOf(values: readonly (string | null)[]): Buffer {
  const writer = new ByteWriter();
  writeDataRow(writer, values);
  return writer.take().subarray(5);
}

function decode(columns: readonly DecodedColumn[], body: Buffer): unknown {
  return buildRowDecoder(columns)(body, 0, body.length);
}

test('values become properties in the order of the columns, NULL becomes null', () => {
  const row = decode(columnsOf('b', 'a', 'c'), bodyOf(['1', null, '']));
  assert.deepEqual(row, {b: '1', a: null, c: ''});
  assert.deepEqual(Object.keys(row ?? {}), ['b', 'a', 'c']);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
});

test('any row is read as it was written, wherever it lies in its buffer', () => {
  const cells = fc.array(fc.option(fc.string({unit: 'grapheme'}), {nil: null}), {maxLength: 20});
  fc.assert(
    fc.property(cells, fc.nat(9), (values, offset) => {
      const body = bodyOf(values);
      const buffer = Buffer.concat([Buffer.alloc(offset, 0xff), body, Buffer.alloc(3, 0xff)]);
      const columns = columnsOf(...values.map((_, index) => `c${index}`));
      const row = buildRowDecoder(columns)(buffer, offset, offset + body.length);
      assert.deepEqual(Object.values(row), values);
    }),
    {numRuns: 100},
  );
});

test('of columns with one name the last one stays, also when it is NULL', () => {
  assert.deepEqual(decode(columnsOf('a', 'b', 'a'), bodyOf(['1', '2', '3'])), {a: '3', b: '2'});
  assert.deepEqual(decode(columnsOf('a', 'a'), bodyOf(['1', null])), {a: null});
});

test('a column named __proto__ is a property like any other', () => {
  const row = decode(columnsOf('__proto__', 'constructor'), bodyOf(['x', 'y']));
  assert.deepEqual(Object.entries(row ?? {}), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
  assert.equal(
    Object.getPrototypeOf(decode(columnsOf('__proto__'), bodyOf([null]))),
    Object.prototype,
  );
});

test('a row of as many columns as Postgres has is read as any other', () => {
  const names = [...Array.from({length: 1600}, (_, index) => `c${index}`), '__proto__', 'c7', 'c8'];
  const values = names.map((name, index) => (index % 5 === 0 ? null : name));
  const row = decode(columnsOf(...names), bodyOf(values));
  assert.ok(typeof row === 'object' && row !== null);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
  assert.deepEqual(Object.keys(row), names.slice(0, 1601));
  const expected = new Map(names.map((name, index) => [name, values[index]]));
  assert.deepEqual(Object.values(row), [...expected.values()]);
});

test('rows do not share anything', () => {
  const decoder = buildRowDecoder(columnsOf('a'));
  const [first, second] = [bodyOf(['1']), bodyOf([null])];
  const row = decoder(first, 0, first.length);
  decoder(second, 0, second.length);
  assert.deepEqual(row, {a: '1'});
});

test('a row that ends too early or too late is not read, wherever it is cut', () => {
  const body = bodyOf(['abc', null, 'de']);
  const columns = columnsOf('a', 'b', 'c');
  for (let length = 0; length < body.length; length++) {
    assert.throws(() => decode(columns, body.subarray(0, length)), ProtocolError, `${length}`);
    // Bytes behind the end of the frame belong to somebody else.
    assert.throws(() => buildRowDecoder(columns)(body, 0, length), ProtocolError, `${length}`);
  }
  assert.throws(() => decode(columns, Buffer.concat([body, Buffer.alloc(1)])), ProtocolError);
});

test('a length below -1 is not read', () => {
  const body = bodyOf(['abc']);
  body.writeInt32BE(-2, 2);
  assert.throws(() => decode(columnsOf('a'), body), ProtocolError);
});

test('another number of columns than described is not read', () => {
  assert.throws(
    () => decode(columnsOf('a'), bodyOf(['1', '2'])),
    /DataRow has 2 columns, RowDescription announced 1/,
  );
});

test('a value that cannot be read is a ValueError that names column and type, and keeps the cause', () => {
  const cause = new RangeError('too large');
  const broken: DecodedColumn = {
    name: 'b',
    typeName: 'int8',
    decode: () => {
      throw cause;
    },
  };
  assert.throws(
    () => decode([...columnsOf('a'), broken], bodyOf(['1', '2'])),
    (error) =>
      error instanceof ValueError &&
      error.code === 'PG_VALUE_MALFORMED' &&
      error.message === 'column "b" of type int8: too large' &&
      error.cause === cause,
  );
});

test('the code of a ValueError is kept', () => {
  const outOfRange: DecodedColumn = {
    name: 'n',
    typeName: 'int8',
    decode: () => {
      throw new ValueError('no', {code: 'PG_VALUE_OUT_OF_RANGE'});
    },
  };
  assert.throws(() => decode([outOfRange], bodyOf(['1'])), {code: 'PG_VALUE_OUT_OF_RANGE'});
});
