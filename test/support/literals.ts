/// <reference lib="es2024.string" />
/**
 * Text forms of values, as the input functions of Postgres read them: random ones, and the extremes of each type
 * more often than chance would give them.
 */
import * as fc from 'fast-check';

function decimal(minimum: bigint, maximum: bigint): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.bigInt({min: minimum, max: maximum}),
      fc.constantFrom(minimum, minimum + 1n, -1n, 0n, 1n, maximum - 1n, maximum),
    )
    .map((value) => String(value < minimum ? minimum : value));
}

/** Anything a text can hold: no NUL, no lone surrogate. */
export const text = fc.oneof(
  fc.string({unit: 'binary'}).filter((value) => value.isWellFormed() && !value.includes('\0')),
  fc.constantFrom(
    '',
    ' ',
    'NULL',
    '"',
    '\\',
    '{}',
    ',',
    '\u00a0',
    '🏔',
    '\u{10ffff}',
    '\ufffd',
    '\r\n\t',
    'é'.repeat(300),
  ),
);

const float8 = fc.oneof(
  fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '5e-324', '-1.7976931348623157e308', '0.1'),
);

const bytea = fc.uint8Array().map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`);

const json = fc.oneof(
  fc
    .json({stringUnit: 'binary'})
    .filter((value) => !/\\u(?:0000|d[89a-f])/i.test(value) && value.isWellFormed()),
  fc.constantFrom(
    '{"__proto__": {"a": 1}}',
    '1e308',
    '-0',
    '"\\ud83c\\udfd4"',
    '{"a": 1, "a": 2}',
    ' [ ] ',
  ),
);

const digits = (count: number) => (value: number) => String(value).padStart(count, '0');
const year = (maximum: number) =>
  fc
    .oneof(
      fc.integer({min: 1, max: maximum}),
      fc.integer({min: 1880, max: 2040}),
      fc.constantFrom(1, 4, 99, 100, 1582),
    )
    .map(digits(4));
const monthAndDay = fc
  .tuple(fc.integer({min: 1, max: 12}).map(digits(2)), fc.integer({min: 1, max: 28}).map(digits(2)))
  .map((parts) => parts.join('-'));
const time = fc
  .tuple(
    fc.integer({min: 0, max: 23}).map(digits(2)),
    fc.integer({min: 0, max: 59}).map(digits(2)),
    fc.integer({min: 0, max: 59}).map(digits(2)),
    fc
      .oneof(fc.integer({min: 0, max: 999_999}), fc.constantFrom(0, 1, 999, 1000, 999_999))
      .map(digits(6)),
  )
  .map(([hour, minute, second, fraction]) => `${hour}:${minute}:${second}.${fraction}`);
const infinity = fc.constantFrom('infinity', '-infinity');
const offset = fc.constantFrom('+00', '-12', '+05:30', '+15:59:59', '-00:00:01');

// 4713 BC is where Postgres begins. A day on either side is left to the time zones.
const day = fc.oneof(
  fc.tuple(year(275_000), monthAndDay).map((parts) => parts.join('-')),
  fc.constantFrom('2020-02-29', '1999-12-31', '2000-01-01', '1970-01-01', '0001-01-01'),
);
const dayBc = fc.tuple(year(4712), monthAndDay).map((parts) => parts.join('-'));

const moment = (zone: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.tuple(day, time, zone).map(([date, clock, at]) => `${date} ${clock}${at}`),
    fc.tuple(dayBc, time, zone).map(([date, clock, at]) => `${date} ${clock}${at} BC`),
    infinity,
  );

const small = fc.oneof(fc.integer({min: -200, max: 200}), fc.constantFrom(0, 1, -1));
const interval = fc.oneof(
  fc
    .tuple(small, small, small, small, fc.integer({min: -999_999_999, max: 999_999_999}))
    .map(
      ([years, months, days, hours, microseconds]) =>
        `${years} years ${months} months ${days} days ${hours} hours ${microseconds} microseconds`,
    ),
  fc.constantFrom(
    '0',
    '-178000000 years',
    '178000000 years',
    '2147483647 days',
    '-2147483648 days',
    '2147483647 hours',
    '-2147483647 hours',
    '-0.000001 seconds',
    '1 mon -1 day +00:00:00.5',
  ),
);

/** For each type that the client reads in binary, literals of it. */
export const LITERALS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bool: fc.constantFrom('true', 'false'),
  bytea,
  int2: decimal(-(2n ** 15n), 2n ** 15n - 1n),
  int4: decimal(-(2n ** 31n), 2n ** 31n - 1n),
  // What a number holds; beyond it, see bigint.test.ts.
  int8: decimal(-(2n ** 53n) + 1n, 2n ** 53n - 1n),
  oid: decimal(0n, 2n ** 32n - 1n),
  float8,
  text,
  varchar: text,
  bpchar: text,
  'char(5)': text.filter((value) => value.length <= 5),
  name: text.filter((value) => Buffer.byteLength(value) < 64),
  json,
  jsonb: json,
  uuid: fc.uuid(),
  date: fc.oneof(
    day,
    dayBc.map((date) => `${date} BC`),
    infinity,
  ),
  timestamp: moment(fc.constant('')),
  timestamptz: moment(offset),
  interval,
};

/** All values of int8. */
export const int8 = decimal(-(2n ** 63n), 2n ** 63n - 1n);
