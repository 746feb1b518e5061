import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PostgresInterval} from './interval';
import type {IntervalFields} from './interval';
import {intervalCodec} from './interval-codec';
import {readBinary} from './testing/read-binary';

interface Captured {
  readonly binary: string;
  readonly fields: IntervalFields;
  /** As Postgres 18 prints it in IntervalStyle postgres, postgres_verbose, iso_8601 and sql_standard. */
  readonly texts: readonly string[];
}

const CAPTURED: readonly Captured[] = [
  {
    binary: '000000036c97ca88fffffffd0000000e',
    fields: {years: 1, months: 2, days: -3, hours: 4, minutes: 5, seconds: 6, milliseconds: 789},
    texts: [
      '1 year 2 mons -3 days +04:05:06.789',
      '@ 1 year 2 mons -3 days 4 hours 5 mins 6.789 secs',
      'P1Y2M-3DT4H5M6.789S',
      '+1-2 -3 +4:05:06.789',
    ],
  },
  {
    binary: 'fffffffc936834fd00000003fffffff2',
    fields: {
      years: -1,
      months: -2,
      days: 3,
      hours: -4,
      minutes: -5,
      seconds: -6,
      milliseconds: -789.123,
    },
    texts: [
      '-1 years -2 mons +3 days -04:05:06.789123',
      '@ 1 year 2 mons -3 days 4 hours 5 mins 6.789123 secs ago',
      'P-1Y-2M3DT-4H-5M-6.789123S',
      '-1-2 +3 -4:05:06.789123',
    ],
  },
  {binary: '00000000000000000000000000000000', fields: {}, texts: ['00:00:00', '@ 0', 'PT0S', '0']},
  {
    binary: 'fffffffffff85ee00000000000000000',
    fields: {milliseconds: -500},
    texts: ['-00:00:00.5', '@ 0.5 secs ago', 'PT-0.5S', '-0:00:00.5'],
  },
  {
    binary: '000000000000000000000000ffffffff',
    fields: {months: -1},
    texts: ['-1 mons', '@ 1 mon ago', 'P-1M', '-0-1'],
  },
  {
    binary: '00000000000000000000000300000000',
    fields: {days: 3},
    texts: ['3 days', '@ 3 days', 'P3D', '3 0:00:00'],
  },
  {
    binary: 'fffffffffc6c7900fffffffd00000000',
    fields: {days: -3, minutes: -1},
    texts: ['-3 days -00:01:00', '@ 3 days 1 min ago', 'P-3DT-1M', '-3 0:01:00'],
  },
  {
    binary: '000000035a4e9000fffffffd00000000',
    fields: {days: -3, hours: 4},
    texts: ['-3 days +04:00:00', '@ 3 days -4 hours ago', 'P-3DT4H', '+0-0 -3 +4:00:00'],
  },
  {
    binary: '7fffffffffffffff0000000000000000',
    fields: {hours: 2562047788, seconds: 54, milliseconds: 775.807},
    texts: [
      '2562047788:00:54.775807',
      '@ 2562047788 hours 54.775807 secs',
      'PT2562047788H54.775807S',
      '2562047788:00:54.775807',
    ],
  },
  {
    binary: '0000000000000000ffffffff0000000c',
    fields: {years: 1, days: -1},
    texts: ['1 year -1 days', '@ 1 year -1 days', 'P1Y-1D', '+1-0 -1 +0:00:00'],
  },
  {
    binary: 'ffffffffffffffff0000000100000000',
    fields: {days: 1, milliseconds: -0.001},
    texts: [
      '1 day -00:00:00.000001',
      '@ 1 day -0.000001 secs',
      'P1DT-0.000001S',
      '+0-0 +1 -0:00:00.000001',
    ],
  },
];

test('an interval reads alike from binary and from each IntervalStyle', () => {
  for (const {binary, fields, texts} of CAPTURED) {
    const interval = new PostgresInterval(fields);
    assert.deepEqual(readBinary(intervalCodec, binary), interval);
    for (const text of texts) assert.deepEqual(intervalCodec.decodeText(text), interval, text);
  }
});

test('a field that is zero is absent', () => {
  assert.deepEqual(Object.keys(new PostgresInterval({hours: 1, days: 0})), ['hours']);
  assert.equal(JSON.stringify(intervalCodec.decodeText('01:00:00')), '{"hours":1}');
});

test('an infinite interval is a number', () => {
  assert.equal(intervalCodec.decodeText('infinity'), Infinity);
  assert.equal(intervalCodec.decodeText('-infinity'), -Infinity);
  assert.equal(readBinary(intervalCodec, '7fffffffffffffff 7fffffff 7fffffff'), Infinity);
  assert.equal(readBinary(intervalCodec, '8000000000000000 80000000 80000000'), -Infinity);
});

test('text that is no interval is an error', () => {
  for (const text of ['', 'tomorrow', '1 fortnight', '1:2', 'PX']) {
    assert.throws(() => intervalCodec.decodeText(text), {code: 'PG_VALUE_MALFORMED'}, text);
  }
  assert.throws(() => readBinary(intervalCodec, '00'), {code: 'PG_VALUE_MALFORMED'});
});

test('toPostgres and toISO print what the original prints', () => {
  const interval = new PostgresInterval({
    years: 1,
    months: -2,
    hours: 4,
    seconds: 6,
    milliseconds: 789.5,
  });
  assert.equal(interval.toPostgres(), '6.7895 seconds 4 hours -2 months 1 years');
  assert.equal(interval.toISO(), 'P1Y-2M0DT4H0M6.7895S');
  assert.equal(interval.toISOString(), interval.toISO());
  assert.equal(new PostgresInterval().toPostgres(), '0');
  assert.equal(new PostgresInterval({days: 1, hours: -2}).toPostgres(), '-2 hours +1 days');
  assert.equal(new PostgresInterval({milliseconds: 1}).toPostgres(), '0.001 seconds');
});
