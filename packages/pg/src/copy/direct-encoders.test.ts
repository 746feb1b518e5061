import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import * as fc from 'fast-check';
import {ByteWriter} from '../protocol';
import {CopyPlace} from './copy-place';
import {encodeDate, encodeTimestamp, encodeTimestamptz} from './date-time-encoders';
import {NOT_TAKEN} from './direct-encoder';
import {directEncoderOf} from './direct-encoders';
import {encodeFloat4, encodeFloat8, encodeInt2, encodeInt4, encodeInt8} from './number-encoders';
import {encodeNumeric} from './numeric-encoder';
import {encodeBool, encodeText, encodeUuid} from './text-encoders';
import type {ValueEncoder} from './value-encoder';

const AT = 3;

/** What the short way writes; undefined: it does not take the value. */
function direct(encode: ValueEncoder, value: unknown): Buffer | undefined {
  const {write, mostBytes} = directEncoderOf(encode);
  // One byte more would not fit.
  const memory = Buffer.alloc(AT + 4 + mostBytes);
  const end = write(new DataView(memory.buffer, memory.byteOffset, memory.length), AT, value);
  return end === NOT_TAKEN ? undefined : memory.subarray(AT, end);
}

function exact(encode: ValueEncoder, value: unknown): Buffer {
  const out = new ByteWriter();
  encode(out, value, new CopyPlace(['a']));
  return out.take();
}

function assertSame(encode: ValueEncoder, value: unknown): boolean {
  const bytes = direct(encode, value);
  if (bytes === undefined) return false;
  assert.equal(bytes.toString('hex'), exact(encode, value).toString('hex'), inspect(value));
  return true;
}

const date = fc.oneof(
  fc.date({noInvalidDate: true}),
  fc.date({min: new Date('0001-01-01'), max: new Date('2400-01-01'), noInvalidDate: true}),
  fc.date({min: new Date('1973-01-01'), max: new Date('2285-01-01'), noInvalidDate: true}),
);
const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{0,${most}}$`));
const decimal = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(14), fc.constantFrom('', '.'), digits(10))
  .map((parts) => parts.join(''));
const zeros = fc.constantFrom(
  '0',
  '-0',
  '0.0',
  '0.00000',
  '-0.0',
  '0.0001',
  '0.00001',
  '10000.0001',
);
const anyText = fc.string({unit: 'binary'});
const numbers = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(-0, 0));
const isoText = date.chain((at) => {
  const text = at.toISOString();
  return fc.constantFrom(text, text.replace('T', ' '), text.slice(0, 10), text.slice(0, -1));
});
/** As ISO has it, but not all of them of the calendar. */
const isoLike = fc.stringMatching(
  /^[0-2][0-9]{3}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\.[0-9]{3}Z)?$/,
);

const VALUES = new Map<ValueEncoder, fc.Arbitrary<unknown>>([
  [encodeBool, fc.boolean()],
  [encodeInt2, fc.oneof(fc.integer({min: -40_000, max: 40_000}), numbers)],
  [encodeInt4, numbers],
  [encodeInt8, fc.oneof(numbers, fc.bigInt({min: -(2n ** 64n), max: 2n ** 64n}))],
  [encodeFloat4, fc.oneof(numbers, fc.float())],
  [encodeFloat8, numbers],
  [encodeNumeric, fc.oneof(decimal, zeros, numbers, fc.bigInt())],
  [encodeText, fc.oneof(anyText, fc.string(), fc.string({unit: 'grapheme', maxLength: 20}))],
  [
    encodeUuid,
    fc.oneof(
      fc.uuid(),
      fc.uuid().map((text) => text.toUpperCase()),
      anyText,
    ),
  ],
  [encodeDate, fc.oneof(date, isoText, isoLike)],
  [encodeTimestamp, fc.oneof(date, isoText, isoLike)],
  [encodeTimestamptz, fc.oneof(date, isoText, isoLike)],
]);

test('the short way of a type writes what its encoder writes', () => {
  for (const [encode, values] of VALUES) {
    const {name} = directEncoderOf(encode);
    let taken = 0;
    fc.assert(
      fc.property(values, (value) => {
        if (assertSame(encode, value)) taken++;
      }),
      {numRuns: 500},
    );
    assert.ok(taken > 30, `${name}: ${taken} of 500 were taken`);
  }
});

test('the short way throws nothing, whatever it is given, and takes nothing that the encoder refuses', () => {
  const strange = fc.oneof(
    fc.anything({withBigInt: true, withDate: true, withSparseArray: true}),
    fc.constantFrom<unknown>(
      undefined,
      new Date(Number.NaN),
      new Proxy(new Date(), {}),
      Object.create(Date.prototype),
      Symbol('s'),
      '\0',
      'a\0',
      'é\0',
      '\ud800',
      'ab\udc00',
      '2021-02-29',
      '2100-02-29',
      '2020-02-30T00:00:00.000Z',
      '0000-01-01',
      '2020-13-01',
    ),
  );
  for (const encode of VALUES.keys()) {
    fc.assert(
      fc.property(strange, (value) => void assertSame(encode, value)),
      {numRuns: 500},
    );
  }
});

test('what programs send most goes the short way', () => {
  const usual: readonly [ValueEncoder, readonly unknown[]][] = [
    [encodeBool, [true, false]],
    [encodeInt2, [-32_768, 32_767]],
    [encodeInt4, [-2_147_483_648, 2_147_483_647]],
    [encodeInt8, [Number.MAX_SAFE_INTEGER, -(2n ** 63n), 2n ** 63n - 1n]],
    [encodeFloat4, [0, 0.5, Infinity, -1e38]],
    [encodeFloat8, [0, -0, 0.1, Infinity, Number.NaN]],
    [encodeNumeric, [0, 1, -12.5, 0.1, '19.99', '0.00000001', '-123456789012.12345678']],
    [encodeText, ['', 'a', 'forty characters are what is short here.', 'für 5 €']],
    [encodeUuid, ['6f1c2b3a-0d4e-4f5a-8b6c-00000000000f']],
    [encodeDate, [new Date(), new Date(0, 0), '2020-02-29', '1900-02-28']],
    [encodeTimestamp, [new Date(), '2020-02-29T13:05:06.789Z']],
    [encodeTimestamptz, [new Date(), new Date(-1), '1969-12-31T23:59:59.999Z']],
  ];
  for (const [encode, values] of usual) {
    for (const value of values) {
      // Before 1973 the local clock is asked.
      const isOld = value instanceof Date && value.getFullYear() < 1973;
      const isTaken = assertSame(encode, value);
      assert.equal(isTaken, !isOld || encode === encodeTimestamptz, inspect(value));
    }
  }
});

test('local time is what the clock shows, in summer and in winter', () => {
  const before = process.env['TZ'];
  try {
    for (const zone of ['America/New_York', 'Asia/Kathmandu', 'Africa/Monrovia', 'Pacific/Apia']) {
      process.env['TZ'] = zone;
      for (const year of [1969, 1972, 1973, 1990, 2011, 2020, 2100]) {
        for (let hour = 0; hour < 366 * 24; hour += 37) {
          const at = new Date(Date.UTC(year, 0, 1, hour, 29, 31, 5));
          assertSame(encodeTimestamp, at);
          assertSame(encodeDate, at);
        }
      }
    }
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
