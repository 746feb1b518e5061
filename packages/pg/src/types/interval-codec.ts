/**
 * interval as a PostgresInterval; infinity and -infinity (Postgres 17) as numbers, like those of dates.
 *
 * Text is read in each of the four settings of IntervalStyle (docs: "Interval Output"); binary does not depend
 * on it: int64 microseconds, int32 days, int32 months.
 */
import {expectLength, malformed} from './codec';
import type {Codec} from './codec';
import {PostgresInterval} from './interval';

// IntervalStyle postgres: 1 year 2 mons -3 days +04:05:06.789
const POSTGRES =
  /^(?:([+-]?\d+) years?)? ?(?:([+-]?\d+) mons?)? ?(?:([+-]?\d+) days?)? ?(?:([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;
// postgres_verbose: @ 1 year 2 mons -3 days 4 hours 5 mins 6.789 secs ago
const VERBOSE =
  /^@ (?:(-?\d+) years?)? ?(?:(-?\d+) mons?)? ?(?:(-?\d+) days?)? ?(?:(-?\d+) hours?)? ?(?:(-?\d+) mins?)? ?(?:(-?)(\d+)(?:\.(\d{1,6}))? secs?)?( ago)?$/;
// iso_8601: P1Y2M-3DT4H5M6.789S
const ISO_8601 =
  /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{1,6}))?S)?)?$/;
// sql_standard: +1-2 -3 +4:05:06.789; a sign holds until the next one, years and the rest apart
const SQL_STANDARD =
  /^(?:([+-]?)(\d+)-(\d+))? ?(?:([+-]?)(\d+)(?: |$))?(?:([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;

const MICROSECONDS_PER_SECOND = 1_000_000;
const MICROSECONDS_PER_HOUR = 3_600_000_000n;

type Digits = string | undefined;

function milliseconds(fraction: Digits, sign: number): number {
  return fraction === undefined ? 0 : (sign * Number(fraction.padEnd(6, '0'))) / 1000;
}

function build(
  years: number,
  months: number,
  days: number,
  hours: number,
  minutes: number,
  seconds: number,
  fraction: number,
): PostgresInterval {
  return new PostgresInterval({
    years,
    months,
    days,
    hours,
    minutes,
    seconds,
    milliseconds: fraction,
  });
}

function signOf(sign: Digits): number {
  return sign === '-' ? -1 : 1;
}

function parsePostgres(match: RegExpExecArray): PostgresInterval {
  const [, years = 0, months = 0, days = 0, sign, hours = 0, minutes = 0, seconds = 0, fraction] =
    match;
  const s = signOf(sign);
  return build(
    +years,
    +months,
    +days,
    s * +hours,
    s * +minutes,
    s * +seconds,
    milliseconds(fraction, s),
  );
}

// Both write each field with its own sign; verbose can also turn all of them around.
function parseDesignated(match: RegExpExecArray): PostgresInterval {
  const [
    ,
    years = 0,
    months = 0,
    days = 0,
    hours = 0,
    minutes = 0,
    sign,
    seconds = 0,
    fraction,
    ago,
  ] = match;
  const d = ago === undefined ? 1 : -1;
  const s = d * signOf(sign);
  return build(
    d * +years,
    d * +months,
    d * +days,
    d * +hours,
    d * +minutes,
    s * +seconds,
    milliseconds(fraction, s),
  );
}

function parseSqlStandard(match: RegExpExecArray): PostgresInterval {
  const [, yearSign, years = 0, months = 0, daySign, days = 0, timeSign, hours = 0, ...rest] =
    match;
  const [minutes = 0, seconds = 0, fraction] = rest;
  const y = signOf(yearSign);
  const d = signOf(daySign);
  const s = timeSign === '' || timeSign === undefined ? d : signOf(timeSign);
  return build(
    y * +years,
    y * +months,
    d * +days,
    s * +hours,
    s * +minutes,
    s * +seconds,
    milliseconds(fraction, s),
  );
}

const STYLES = [
  [POSTGRES, parsePostgres],
  [VERBOSE, parseDesignated],
  [ISO_8601, parseDesignated],
  [SQL_STANDARD, parseSqlStandard],
] as const;

function parseInterval(text: string): PostgresInterval | number {
  if (text === 'infinity') return Infinity;
  if (text === '-infinity') return -Infinity;
  if (text === '@ 0' || text === '0') return new PostgresInterval();
  for (const [pattern, parse] of text === '' ? [] : STYLES) {
    const match = pattern.exec(text);
    if (match !== null) return parse(match);
  }
  throw malformed('interval', 'it is in none of the forms of IntervalStyle');
}

const INT64_MAX = 0x7fff_ffff_ffff_ffffn;
const INT64_MIN = -0x8000_0000_0000_0000n;

function readInterval(buffer: Buffer, start: number, end: number): PostgresInterval | number {
  expectLength('interval', start, end, 16);
  const time = buffer.readBigInt64BE(start);
  const days = buffer.readInt32BE(start + 8);
  const months = buffer.readInt32BE(start + 12);
  // INTERVAL_NOEND and INTERVAL_NOBEGIN in utils/timestamp.h: every field at its extreme.
  if (time === INT64_MAX && days === 0x7fff_ffff && months === 0x7fff_ffff) return Infinity;
  if (time === INT64_MIN && days === -0x8000_0000 && months === -0x8000_0000) return -Infinity;
  const years = Math.trunc(months / 12);
  // Below an hour a double is exact; BigInt division truncates, so all parts have the sign of the whole.
  const hours = Number(time / MICROSECONDS_PER_HOUR);
  const within = Number(time % MICROSECONDS_PER_HOUR);
  const minutes = Math.trunc(within / (60 * MICROSECONDS_PER_SECOND));
  const seconds = Math.trunc(within / MICROSECONDS_PER_SECOND) % 60;
  const fraction = (within % MICROSECONDS_PER_SECOND) / 1000;
  return build(years, months % 12, days, hours, minutes, seconds, fraction);
}

export const intervalCodec: Codec = {
  name: 'interval',
  decodeText: parseInterval,
  decodeBinary: readInterval,
};
