import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ByteWriter} from '../protocol';
import {DataTypeID, TypeRegistry} from '../types';
import {binaryEncoder} from './binary-row-encoder';
import {CopyPlace} from './copy-place';
import {encoderOfType} from './encoder-of-type';
import type {CopyColumn} from './row-encoder';

const registry = new TypeRegistry({bigIntMode: 'bigint'});

function columnsOf(types: Readonly<Record<string, keyof typeof DataTypeID>>): CopyColumn[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    parameterType: 0,
    encode: encoderOfType(DataTypeID[type], registry),
  }));
}

function encoderFor(columns: readonly CopyColumn[]) {
  const encoder = binaryEncoder(columns);
  assert.ok(encoder !== undefined);
  return encoder;
}

/** One row by the encoders of the types alone. */
function exactRow(columns: readonly CopyColumn[], values: readonly unknown[]): string {
  const out = new ByteWriter();
  out.int16(columns.length);
  for (const [i, {encode}] of columns.entries()) {
    const value = values[i];
    if (value === null) out.int32(-1);
    else encode?.(out, value, new CopyPlace([]));
  }
  return out.take().toString('hex');
}

const isWrong = (place: RegExp) => ({code: 'PG_PARAMETER_INVALID', message: place});

const TYPES = {
  id: 'int4',
  name: 'text',
  score: 'float8',
  at: 'timestamptz',
  active: 'bool',
  'odd "name"\u2028\n': 'numeric',
  key: 'uuid',
  document: 'jsonb',
} as const;

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, {freq: 5});
const values = fc.tuple(
  orNull(fc.integer()),
  orNull(fc.oneof(fc.string(), fc.constantFrom('é', 'x'.repeat(100), 'y'.repeat(20_000)))),
  orNull(fc.oneof(fc.double(), fc.constant('1.5'))),
  orNull(fc.oneof(fc.date({noInvalidDate: true}), fc.constant('2020-02-29T00:00:00+01'))),
  orNull(fc.oneof(fc.boolean(), fc.constant('yes'))),
  orNull(fc.oneof(fc.double(), fc.constant('NaN'))),
  orNull(
    fc.oneof(
      fc.uuid(),
      fc.uuid().map((text) => `{${text}}`),
    ),
  ),
  orNull(fc.dictionary(fc.string(), fc.integer())),
);

test('rows are the same in a loop and unrolled, as arrays and as objects', () => {
  const columns = columnsOf(TYPES);
  const encoder = encoderFor(columns);
  const out = new ByteWriter(4096);
  for (const row of fc.sample(values, 9000)) {
    const object = Object.fromEntries(columns.map(({name}, i) => [name, row[i]]));
    encoder.row(out, row);
    const ofArray = out.take().toString('hex');
    encoder.row(out, object);
    const ofObject = out.take().toString('hex');
    const exact = exactRow(columns, row);
    assert.equal(ofArray, exact);
    assert.equal(ofObject, exact);
  }
});

test('wide rows get their room in parts', () => {
  for (const width of [31, 32, 33, 64, 100, 300]) {
    const names = Array.from({length: width}, (_, i) => [`c${i}`, i % 3 === 0 ? 'text' : 'int4']);
    const columns = columnsOf(Object.fromEntries(names));
    const encoder = encoderFor(columns);
    const row = columns.map((_, i) => (i % 3 === 0 ? '€'.repeat(40) : i % 7 === 0 ? null : i));
    const out = new ByteWriter(64);
    const exact = exactRow(columns, row);
    for (let n = 0; n < 4200; n++) {
      encoder.row(out, row);
      const bytes = out.take();
      if (n % 100 === 0) assert.equal(bytes.toString('hex'), exact);
    }
  }
});

test('a value that cannot be sent is named in an unrolled row as it is in a loop', () => {
  const columns = columnsOf({a: 'int4', ['__proto__']: 'text'});
  const encoder = encoderFor(columns);
  const out = new ByteWriter();
  for (let row = 1; row < 10_000; row += 2) {
    encoder.row(out, [1, 'x']);
    const wrong = row % 4 === 1 ? [1, 'x\0'] : ['x', null];
    const column = row % 4 === 1 ? '__proto__' : 'a';
    assert.throws(
      () => encoder.row(out, wrong),
      isWrong(new RegExp(`^row ${row + 1}, column "${column}" `)),
    );
    out.take();
  }
  assert.throws(() => encoder.row(out, [1]), isWrong(/^row 10001 has 1 values where .*2 columns/));
  assert.throws(() => encoder.row(out, {b: 'x'}), isWrong(/^row 10002, column "a" is undefined/));
});

test('what an object gives by toPostgres is written, and asked for once', () => {
  const columns = columnsOf({a: 'int4', b: 'timestamptz'});
  const encoder = encoderFor(columns);
  const out = new ByteWriter();
  let asked = 0;
  const given = (value: unknown) => ({toPostgres: () => (asked++, value)});
  for (let row = 1; row <= 5000; row++) {
    encoder.row(out, [given(row), given(new Date(7))]);
    assert.equal(out.take().toString('hex'), exactRow(columns, [row, new Date(7)]));
  }
  assert.equal(asked, 10_000);
});

test('where code must not be generated, rows are written all the same', () => {
  const program = `
    const {binaryEncoder} = require('./binary-row-encoder');
    const {encodeInt4} = require('./number-encoders');
    const {ByteWriter} = require('../protocol');
    const encoder = binaryEncoder([{name: 'a', parameterType: 0, encode: encodeInt4}]);
    const out = new ByteWriter();
    for (let row = 0; row < 5000; row++) encoder.row(out, [row]);
    process.stdout.write(String(out.pendingBytes));`;
  const flags = ['--disallow-code-generation-from-strings', '-e', program];
  assert.equal(execFileSync(process.execPath, flags, {cwd: __dirname, encoding: 'utf8'}), '50000');
});
