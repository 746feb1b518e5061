import assert from 'node:assert/strict';
import {test} from 'node:test';
import {types} from 'node:util';
import {runInNewContext} from 'node:vm';
import {PostgresInterval} from './interval';
import {encodeParameter, needsParameterType} from './parameter';

const JSON_OID = 114;
const JSONB_OID = 3802;
const JSON_ARRAY_OID = 199;
const BOX_ARRAY_OID = 1020;

function encode(value: unknown, typeOid = 0): unknown {
  return encodeParameter(value, typeOid, 3);
}

test('scalars are sent as the text Postgres reads', () => {
  assert.equal(encode(null), null);
  assert.equal(encode('as it is: é 🙂'), 'as it is: é 🙂');
  assert.equal(encode(''), '');
  assert.equal(encode(1.5), '1.5');
  assert.equal(encode(-0), '-0');
  assert.equal(encode(Number.NaN), 'NaN');
  assert.equal(encode(-Infinity), '-Infinity');
  assert.equal(encode(2n ** 63n), '9223372036854775808');
  assert.equal(encode(true), 'true');
  assert.equal(encode(false), 'false');
});

test('bytes are sent in binary, whatever view they come in', () => {
  const bytes = Uint8Array.of(0, 1, 2, 255);
  for (const value of [
    bytes,
    Buffer.from(bytes),
    bytes.buffer,
    new DataView(bytes.buffer),
    new Int8Array(bytes.buffer),
    runInNewContext('Uint8Array.of(0, 1, 2, 255)'),
  ]) {
    const encoded = encode(value);
    assert.ok(types.isUint8Array(encoded));
    assert.deepEqual(Buffer.from(encoded), Buffer.from(bytes));
  }
  assert.deepEqual(encode(new Uint16Array(bytes.buffer, 2, 1)), bytes.slice(2));
});

test('objects are JSON, unless they say themselves how they are sent', () => {
  assert.equal(encode({a: [1, {b: null}]}), '{"a":[1,{"b":null}]}');
  assert.equal(
    encode(new PostgresInterval({hours: 1, milliseconds: 1.5})),
    '0.0015 seconds 1 hours',
  );
  assert.equal(encode({toPostgres: () => ({toPostgres: () => 5})}), '5');
  assert.equal(encode({toPostgres: () => null}), null);
  assert.equal(
    encode({
      toPostgres: (prepare: (value: unknown) => unknown) => `(${String(prepare(1))},2)`,
    }),
    '(1,2)',
  );
  assert.equal(encode(Object.create(null)), '{}');
});

test('an array is a Postgres array, or JSON where the parameter is json', () => {
  const value = [1, 'a', null];
  assert.equal(encode(value), '{1,"a",NULL}');
  assert.equal(encode(value, JSON_OID), '[1,"a",null]');
  assert.equal(encode(value, JSONB_OID), '[1,"a",null]');
  assert.equal(
    encode([[1, [2]], {a: 1}, null, '"text"', 3], JSON_ARRAY_OID),
    '{"[1,[2]]","{\\"a\\":1}",NULL,"\\"text\\"",3}'.replace(',3}', ',"3"}'),
  );
  assert.equal(
    encode(['(1,1),(0,0)', '(2,2),(3,3)'], BOX_ARRAY_OID),
    '{"(1,1),(0,0)";"(2,2),(3,3)"}',
  );
  assert.equal(encode({toPostgres: () => [1]}, JSON_OID), '[1]');
});

test('only arrays need the type of the parameter', () => {
  assert.equal(needsParameterType([]), true);
  for (const value of ['', 1, null, {}, Buffer.alloc(1), new Date(0)]) {
    assert.equal(needsParameterType(value), false);
  }
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const INVALID: readonly (readonly [what: string, value: unknown, message: RegExp])[] = [
  ['undefined', undefined, /\$3 is undefined; use null/],
  ['a function', () => 1, /\$3 is a function; call it/],
  ['a symbol', Symbol('s'), /\$3 is a symbol/],
  ['an invalid date', new Date(Number.NaN), /\$3 is an invalid Date/],
  ['a NUL', 'ab\0', /\$3 has a NUL character at index 2/],
  ['a lone surrogate', 'x\ud800', /\$3 has a lone surrogate at index 1/],
  ['a cyclic object', cyclic, /\$3 cannot be written as JSON/],
  ['a bigint in an object', {n: 1n}, /\$3 cannot be written as JSON/],
  ['a Map', new Map([[1, 2]]), /\$3 is a Map.*Object\.fromEntries/],
  ['a Set', new Set([1]), /\$3 is a Set.*\[\.\.\.set\]/],
  ['a promise', Promise.resolve(1), /\$3 is a Promise; await it/],
  ['a toJSON that returns undefined', {toJSON: () => undefined}, /\$3 has a toJSON/],
  [
    'an endless toPostgres',
    {
      toPostgres(): unknown {
        return this;
      },
    },
    /16 times in a row/,
  ],
  ['undefined in an array', [1, undefined], /\$3, element 2, is undefined/],
  ['a NUL in a nested array', [['a'], ['\0']], /\$3, element 2\.1, has a NUL/],
  [
    'a lone surrogate in a long array',
    ['x'.repeat(9999), 'é'.repeat(9999), 'a\ud83d'],
    /\$3, element 3, has a lone surrogate at index 1/,
  ],
];

for (const [what, value, message] of INVALID) {
  test(`${what} is an error that names the position, before anything is sent`, () => {
    assert.throws(() => encode(value), {code: 'PG_PARAMETER_INVALID', sent: 'no', message});
  });
}

test('what a getter, toJSON or toPostgres throws is the cause', () => {
  const cause = new Error('mine');
  const fail = (): never => {
    throw cause;
  };
  for (const value of [
    {toJSON: fail},
    {toPostgres: fail},
    Object.defineProperty({}, 'a', {enumerable: true, get: fail}),
    Object.defineProperty({}, 'toPostgres', {get: fail}),
  ]) {
    assert.throws(
      () => encode(value),
      (error: Error) => error.cause === cause,
    );
  }
});

test('no message quotes the value', () => {
  for (const value of ['hunter2\0', ['hunter2\ud800'], {hunter2: 1n}, new Map([['hunter2', 1]])]) {
    assert.throws(
      () => encode(value),
      (error: Error) => !error.message.includes('hunter2'),
    );
  }
});

test('a value larger than Postgres can hold is an error', () => {
  // Not touched, so it costs address space only.
  assert.throws(
    () => encode(new ArrayBuffer(0x4000_0000)),
    /1073741824 bytes; Postgres values end at/,
  );
});
