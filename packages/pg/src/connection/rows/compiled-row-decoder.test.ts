import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {DataTypeID, TypeRegistry} from '../../types';
import {compileRowDecoder} from './compiled-row-decoder';
import {buildRowDecoder} from './row-decoder';
import type {DecodedColumn, RowDecoder} from './row-decoder';

function column(name: string): DecodedColumn {
  return {
    name,
    typeName: 'text',
    decode: (buffer, start, end) => {
      const text = buffer.toString('utf8', start, end);
      if (text === 'unreadable') throw new Error('it is unreadable');
      return text;
    },
  };
}

function dataRow(values: readonly (string | null)[]): Buffer {
  const parts = values.map((value) => {
    if (value === null) return Buffer.from([255, 255, 255, 255]);
    const length = Buffer.alloc(4);
    length.writeInt32BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  });
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  return Buffer.concat([count, ...parts]);
}

function twins(names: readonly string[]): [RowDecoder, RowDecoder] {
  const columns = names.map(column);
  const interpreted = buildRowDecoder(columns);
  const compiled = compileRowDecoder(columns, interpreted);
  assert.ok(compiled !== undefined);
  return [interpreted, compiled];
}

/** The row, or the kind and text of the error. */
function outcome(decode: RowDecoder, bytes: Buffer): unknown {
  try {
    const row = decode(bytes, 0, bytes.length);
    return {
      entries: Object.entries(row),
      prototype: Object.getPrototypeOf(row) === Object.prototype,
    };
  } catch (error) {
    assert.ok(error instanceof Error);
    return `${error.name}: ${error.message}`;
  }
}

const columnName = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'a', '"', '\n', '\u2028', '\\', '${x}', '`'),
);
/** Few columns, read by one function, and many, read by several. */
const columnNames = fc.oneof(
  fc.array(columnName, {minLength: 1, maxLength: 8}),
  fc.array(columnName, {minLength: 14, maxLength: 40, size: 'max'}),
);

test('both twins read the same rows, whatever the columns are called', () => {
  fc.assert(
    fc.property(
      columnNames,
      fc.array(fc.option(fc.oneof(fc.string(), fc.constant('unreadable'))), {
        minLength: 40,
        maxLength: 40,
      }),
      (columns, values) => {
        const [interpreted, compiled] = twins(columns);
        const bytes = dataRow(values.slice(0, columns.length));
        assert.deepEqual(outcome(compiled, bytes), outcome(interpreted, bytes));
      },
    ),
  );
});

const registry = new TypeRegistry();
const scalars = [
  DataTypeID.int2,
  DataTypeID.int4,
  DataTypeID.oid,
  DataTypeID.int8,
  DataTypeID.float8,
  DataTypeID.bool,
  DataTypeID.timestamptz,
].map((oid) => {
  const codec = registry.codecOf(oid);
  assert.ok(codec?.decodeBinary !== undefined && codec.inline !== undefined, String(oid));
  return {name: codec.name, typeName: codec.name, decode: codec.decodeBinary, inline: codec.inline};
});

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, value));
  return bytes;
}

/** What lies around the ends of what a number and a Date can hold, the infinities of timestamptz, and NaN. */
const landmarks = fc
  .tuple(
    fc.constantFrom(
      0n,
      2n ** 53n,
      -(2n ** 53n),
      2n ** 63n,
      8_640_000_000_000_000_000n - 946_684_800_000_000n,
      -8_640_000_000_000_000_000n - 946_684_800_000_000n,
      2_000_000_000n << 32n,
      -(2_000_000_000n << 32n),
      0x7ff8_0000_0000_0000n,
    ),
    fc.oneof(fc.integer({min: -1, max: 1}), fc.integer({min: -3000, max: 3000})),
  )
  .map(([at, distance]) => int64(at + BigInt(distance)));
const bits = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.uint8Array({minLength: 8, maxLength: 8}).map((bytes) => Buffer.from(bytes)),
  },
  {weight: 4, arbitrary: landmarks},
);

test('what is compiled in gives the values and errors of the codec it stands for', () => {
  for (const scalar of scalars) {
    const interpreted = buildRowDecoder([scalar]);
    const compiled = compileRowDecoder([scalar], interpreted);
    assert.ok(compiled !== undefined);
    fc.assert(
      fc.property(bits, fc.constantFrom(0, 0, 0, 0, -1, 1), fc.nat(3), (value, wrong, before) => {
        const length = Math.min(8, Math.max(0, scalar.inline.bytes + wrong));
        const row = Buffer.concat([
          Buffer.alloc(before, 0xff),
          Buffer.from([0, 1, 0, 0, 0, length]),
          value.subarray(0, length),
        ]);
        const from = (decode: RowDecoder) =>
          outcome((buffer, _, end) => decode(buffer, before, end), row);
        assert.deepEqual(from(compiled), from(interpreted));
      }),
      {numRuns: 500},
    );
  }
});

test('both twins read JSON, learned or not, and refuse what is none in the same words', () => {
  for (const oid of [DataTypeID.json, DataTypeID.jsonb]) {
    const codec = registry.codecOf(oid);
    assert.ok(codec?.decodeBinary !== undefined && codec.learn !== undefined);
    const {name, decodeBinary: decode, learn} = codec;
    const columns = [{name: 'document', typeName: name, decode, learn}];
    const interpreted = buildRowDecoder(columns);
    const compiled = compileRowDecoder(columns, interpreted);
    assert.ok(compiled !== undefined);
    const version = oid === DataTypeID.jsonb ? '\u0001' : '';
    const documents = ['{"a": [1, "é"]}', '{"a": null}', 'null', '{"a": [1, "é"]', '{"b": 01}', ''];
    for (const text of [...documents.map((document) => version + document), '', '\u0002{}']) {
      const row = dataRow([text]);
      for (let time = 0; time < 3; time++) {
        assert.deepEqual(outcome(compiled, row), outcome(interpreted, row), JSON.stringify(text));
      }
    }
  }
});

test('rows of many columns hold numbers, NULLs and the last of equal names, compiled in or not', () => {
  const columns = Array.from({length: 40}, (_, index) => {
    const scalar = scalars[index % scalars.length];
    assert.ok(scalar !== undefined);
    return {...scalar, name: `c${index % 35}`};
  });
  const interpreted = buildRowDecoder(columns);
  const compiled = compileRowDecoder(columns, interpreted);
  assert.ok(compiled !== undefined);
  const cell = fc.integer().map((number) => int64(BigInt(number)));
  const cells = fc.array(fc.option(cell), {minLength: 40, maxLength: 40});
  fc.assert(
    fc.property(cells, (values) => {
      const row = Buffer.concat([
        Buffer.from([0, 40]),
        ...columns.map(({inline}, index) => {
          const value = values[index]?.subarray(8 - inline.bytes);
          if (value === undefined) return Buffer.from([255, 255, 255, 255]);
          return Buffer.concat([Buffer.from([0, 0, 0, inline.bytes]), value]);
        }),
      ]);
      assert.deepEqual(outcome(compiled, row), outcome(interpreted, row));
    }),
  );
});

const few = {names: ['a', 'b'], values: ['one', 'two']};
const many = {
  names: Array.from({length: 40}, (_, index) => `c${index}`),
  values: Array.from({length: 40}, (_, index) => `v${index}`),
};

test('both twins refuse the same damaged rows with the same words', () => {
  for (const {names, values} of [few, many]) refuseDamaged(names, values);
});

function refuseDamaged(names: readonly string[], values: readonly string[]): void {
  const [interpreted, compiled] = twins(names);
  const whole = dataRow(values);
  for (let end = 0; end < whole.length; end++) {
    const cut = whole.subarray(0, end);
    const refusal = outcome(interpreted, cut);
    assert.match(String(refusal), /^ProtocolError: /);
    assert.deepEqual(outcome(compiled, cut), refusal);
  }
  const longer = Buffer.concat([whole, Buffer.from([0])]);
  assert.match(String(outcome(compiled, longer)), /1 bytes behind its last column/);
  const lying = Buffer.from(whole);
  lying.writeInt32BE(-2, 2);
  assert.deepEqual(outcome(compiled, lying), outcome(interpreted, lying));
}

test('a row that runs past its frame is refused, whatever the bytes behind it are', () => {
  const interpreted = buildRowDecoder(scalars);
  const compiled = compileRowDecoder(scalars, interpreted);
  assert.ok(compiled !== undefined);
  const row = Buffer.concat([
    Buffer.from([0, scalars.length]),
    ...scalars.map(({inline: {bytes}}) => Buffer.from([0, 0, 0, bytes, ...Array(bytes).fill(0)])),
  ]);
  const within = (end: number) => (decode: RowDecoder) =>
    outcome((buffer) => decode(buffer, 0, end), Buffer.concat([row, row]));
  assert.deepEqual(within(row.length)(compiled), within(row.length)(interpreted));
  for (let end = 0; end < row.length; end++) {
    const refusal = within(end)(interpreted);
    assert.match(String(refusal), /^ProtocolError: /);
    assert.deepEqual(within(end)(compiled), refusal);
  }
});

test('a decoder is never called with bytes behind the frame', () => {
  const whole = dataRow(['one', 'two', 'three']);
  const ends: number[] = [];
  const columns = ['a', 'b', 'c'].map((name) => ({
    ...column(name),
    decode: (_: Buffer, __: number, end: number) => ends.push(end),
  }));
  const compiled = compileRowDecoder(columns, () => ({}));
  assert.ok(compiled !== undefined);
  for (let end = 0; end <= whole.length; end++) {
    ends.length = 0;
    compiled(whole, 0, end);
    assert.ok(ends.every((last) => last <= end));
  }
  assert.equal(ends.length, 3);
});

test('a column that cannot be read is named by both twins', () => {
  const [interpreted, compiled] = twins(['fine', 'odd']);
  const bytes = dataRow(['x', 'unreadable']);
  assert.equal(outcome(compiled, bytes), 'ValueError: column "odd" of type text: it is unreadable');
  assert.equal(outcome(interpreted, bytes), outcome(compiled, bytes));
});

test('a column named __proto__ is an own property and leaves the prototype alone', () => {
  const [, compiled] = twins(['__proto__']);
  const bytes = dataRow(['x']);
  const row = compiled(bytes, 0, bytes.length);
  assert.ok(Object.hasOwn(row, '__proto__'));
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
});

test('where code generation is forbidden there is no compiled twin, and no error', () => {
  const program = `
    const {compileRowDecoder} = require(${JSON.stringify(require.resolve('./compiled-row-decoder'))});
    const columns = [{name: 'a', typeName: 'text', decode: () => 1}];
    console.log(String(compileRowDecoder(columns, () => ({}))));
  `;
  const flags = ['--disallow-code-generation-from-strings', '-e', program];
  assert.equal(execFileSync(process.execPath, flags, {encoding: 'utf8'}).trim(), 'undefined');
});
