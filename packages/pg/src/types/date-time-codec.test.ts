import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import * as fc from 'fast-check';
import {dateCodec, timestampCodec, timestamptzCodec} from './date-time-codec';
import {readBinary} from './testing/read-binary';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const ZONES = ['UTC', 'Europe/Amsterdam', 'America/St_Johns', 'Pacific/Apia'];
const EPOCH = Date.UTC(2000, 0, 1);

function microseconds(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function digits(value: number, count = 2): string {
  return String(value).padStart(count, '0');
}

/** As timestamp_out prints it: the year has four digits or more, and BC counts from 1. */
function print(time: number, fraction: string): string {
  const utc = new Date(time);
  const year = utc.getUTCFullYear();
  const day = `${digits(year > 0 ? year : 1 - year, 4)}-${digits(utc.getUTCMonth() + 1)}-${digits(utc.getUTCDate())}`;
  const clock = `${digits(utc.getUTCHours())}:${digits(utc.getUTCMinutes())}:${digits(utc.getUTCSeconds())}`;
  return `${day} ${clock}${fraction}|${year > 0 ? '' : ' BC'}`;
}

// 4713 BC to the last day but one of a Date, whose last hours are not a local time everywhere.
const TIMES = fc.record({
  seconds: fc.oneof(
    fc.integer({min: -210_866_803_200, max: 8_639_999_913_600}),
    fc.integer({min: -70_000_000_000, max: 4_000_000_000}),
  ),
  micros: fc.integer({min: 0, max: 999_999}),
});

test('timestamps read alike from text and binary, in any time zone of the process', () => {
  for (const tz of ZONES) {
    process.env['TZ'] = tz;
    fc.assert(
      fc.property(TIMES, ({seconds, micros}) => {
        const bytes = microseconds(
          BigInt(seconds) * 1_000_000n + BigInt(micros) - BigInt(EPOCH) * 1000n,
        );
        const fraction =
          micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`;
        const text = print(seconds * 1000, fraction);
        const instant = new Date(seconds * 1000 + Math.floor(micros / 1000));
        assert.deepEqual(timestamptzCodec.decodeText(text.replace('|', '+00')), instant);
        assert.deepEqual(readBinary(timestamptzCodec, bytes), instant);
        const local = timestampCodec.decodeText(text.replace('|', ''));
        assert.ok(
          local instanceof Date && local.getUTCMilliseconds() === instant.getUTCMilliseconds(),
        );
        assert.deepEqual(readBinary(timestampCodec, bytes), local);
      }),
      {numRuns: 60},
    );
  }
});

test('date and timestamp are local time of the process', () => {
  for (const tz of ZONES) {
    process.env['TZ'] = tz;
    assert.deepEqual(dateCodec.decodeText('2020-01-01'), new Date(2020, 0, 1));
    assert.deepEqual(readBinary(dateCodec, '00001c89'), new Date(2020, 0, 1));
    assert.deepEqual(
      timestampCodec.decodeText('2020-02-29 12:34:56.789999'),
      new Date(2020, 1, 29, 12, 34, 56, 789),
    );
    const early = new Date(2000, 2, 1);
    early.setFullYear(50);
    assert.deepEqual(dateCodec.decodeText('0050-03-01'), early);
    const bc = new Date(2000, 11, 31);
    bc.setFullYear(0);
    assert.deepEqual(dateCodec.decodeText('0001-12-31 BC'), bc);
  }
});

test('microseconds are dropped towards the past in both formats, before 1970 too', () => {
  const last = new Date('1969-12-31T23:59:59.999Z');
  assert.deepEqual(timestamptzCodec.decodeText('1969-12-31 23:59:59.999999+00'), last);
  assert.deepEqual(readBinary(timestamptzCodec, microseconds(-946_684_800_000_001n)), last);
});

test('offsets with minutes and seconds are exact', () => {
  assert.deepEqual(
    timestamptzCodec.decodeText('1800-01-01 00:17:30+00:17:30'),
    new Date('1800-01-01T00:00:00Z'),
  );
  assert.deepEqual(
    timestamptzCodec.decodeText('2020-01-01 00:00:00-03:30'),
    new Date('2020-01-01T03:30:00Z'),
  );
  assert.deepEqual(timestamptzCodec.decodeText('275760-09-13 02:00:00+02'), new Date(8.64e15));
});

test('infinity is a number', () => {
  for (const codec of [dateCodec, timestampCodec, timestamptzCodec]) {
    assert.equal(codec.decodeText('infinity'), Infinity);
    assert.equal(codec.decodeText('-infinity'), -Infinity);
  }
  assert.equal(readBinary(dateCodec, '7fffffff'), Infinity);
  assert.equal(readBinary(dateCodec, '80000000'), -Infinity);
  for (const codec of [timestampCodec, timestamptzCodec]) {
    assert.equal(readBinary(codec, '7fffffffffffffff'), Infinity);
    assert.equal(readBinary(codec, '8000000000000000'), -Infinity);
  }
});

test('what a Date cannot hold is an error in both formats, never an Invalid Date', () => {
  // 294276-12-31 is the last day of timestamp, 5874897-12-31 that of date.
  const late = microseconds(9_223_371_331_199_999_999n);
  for (const read of [
    () => timestamptzCodec.decodeText('294276-12-31 23:59:59.999999+00'),
    () => timestampCodec.decodeText('294276-12-31 23:59:59.999999'),
    () => dateCodec.decodeText('5874897-12-31'),
    () => readBinary(timestamptzCodec, late),
    () => readBinary(timestampCodec, late),
    () => readBinary(dateCodec, '7ffffffe'),
  ]) {
    assert.throws(read, {code: 'PG_VALUE_OUT_OF_RANGE', message: /cast it to text/});
  }
});

test('a DateStyle other than ISO is an error, because day and month cannot be told apart', () => {
  for (const text of ['02/01/2020', '02-01-2020', '02.01.2020', '01-02-2020 BC']) {
    assert.throws(() => dateCodec.decodeText(text), {
      code: 'PG_VALUE_MALFORMED',
      message: /datestyle/i,
    });
  }
  for (const text of [
    'Wed Jan 01 00:00:00 2020',
    '01/02/2020 00:00:00',
    '01.02.2020 00:00:00 CET',
  ]) {
    assert.throws(() => timestampCodec.decodeText(text), {code: 'PG_VALUE_MALFORMED'});
    assert.throws(() => timestamptzCodec.decodeText(text), {code: 'PG_VALUE_MALFORMED'});
  }
  assert.throws(() => timestamptzCodec.decodeText('2020-01-01 00:00:00'), /time zone is missing/);
});
