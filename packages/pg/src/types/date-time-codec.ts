/**
 * date, timestamp and timestamptz as Date; infinity and -infinity as the numbers Infinity and -Infinity.
 *
 * A Date has milliseconds where Postgres has microseconds: the digits after the third are dropped, which is
 * rounding towards the past in both formats, also before 1970. Text is read only in DateStyle ISO: other styles
 * do not say whether the day or the month comes first, so they are an error and never a guess. Binary does not
 * depend on DateStyle.
 */
import {
  EPOCH_MILLISECONDS,
  instant,
  localDate,
  localDateOfDays,
  localDateOfTime,
  utcTime,
} from './calendar';
import {expectLength, malformed} from './codec';
import type {Codec} from './codec';

const DATE = /^(\d{4,7})-(\d\d)-(\d\d)( BC)?$/;
const TIMESTAMP =
  /^(\d{4,7})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

const INT32_MAX = 0x7fff_ffff;
const INT32_MIN = -0x8000_0000;
const UINT32_MAX = 0xffff_ffff;

function infinity(text: string): number | undefined {
  if (text === 'infinity') return Infinity;
  return text === '-infinity' ? -Infinity : undefined;
}

function notIso(typeName: string): Error {
  return malformed(
    typeName,
    "it is not in DateStyle ISO, and other styles are ambiguous; the session's setting must be ISO: SET datestyle TO ISO",
  );
}

function yearOf(digits: string, bc: string | undefined): number {
  return bc === undefined ? Number(digits) : 1 - Number(digits);
}

function parseDate(text: string): Date | number {
  const match = DATE.exec(text);
  if (match === null) {
    const infinite = infinity(text);
    if (infinite === undefined) throw notIso('date');
    return infinite;
  }
  const [, year = '', month, day, bc] = match;
  return localDate('date', yearOf(year, bc), Number(month), Number(day));
}

function parseTimestamp(text: string): Date | number {
  return parseMoment('timestamp', text);
}

function parseTimestamptz(text: string): Date | number {
  return parseMoment('timestamptz', text);
}

function parseMoment(typeName: 'timestamp' | 'timestamptz', text: string): Date | number {
  const match = TIMESTAMP.exec(text);
  if (match === null) {
    const infinite = infinity(text);
    if (infinite === undefined) throw notIso(typeName);
    return infinite;
  }
  const [, years = '', month, day, hour, minute, second, fraction = '', sign, ...rest] = match;
  const [offsetHours, offsetMinutes = '0', offsetSeconds = '0', bc] = rest;
  const fields = [
    yearOf(years, bc),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  ] as const;
  if (typeName === 'timestamp') return localDate(typeName, ...fields);
  if (sign === undefined) throw malformed(typeName, 'its time zone is missing');
  const offset =
    (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds)) * 1000;
  return instant(typeName, utcTime(...fields) + (sign === '-' ? offset : -offset));
}

/**
 * Milliseconds since 1970 of an int64 of microseconds since 2000. Splitting 2^32 into 4294967 thousands and 296
 * keeps every step an exact double wherever a Date can hold the result.
 */
function readTime(buffer: Buffer, start: number): number {
  const high = buffer.readInt32BE(start);
  const low = buffer.readUInt32BE(start + 4);
  if (high === INT32_MAX && low === UINT32_MAX) return Infinity;
  if (high === INT32_MIN && low === 0) return -Infinity;
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1000) + EPOCH_MILLISECONDS;
}

export const dateCodec: Codec = {
  name: 'date',
  decodeText: parseDate,
  decodeBinary: (buffer, start, end) => {
    expectLength('date', start, end, 4);
    const days = buffer.readInt32BE(start);
    if (days === INT32_MAX) return Infinity;
    return days === INT32_MIN ? -Infinity : localDateOfDays('date', days);
  },
};

export const timestampCodec: Codec = {
  name: 'timestamp',
  decodeText: parseTimestamp,
  decodeBinary: (buffer, start, end) => {
    expectLength('timestamp', start, end, 8);
    const time = readTime(buffer, start);
    return Number.isFinite(time) ? localDateOfTime('timestamp', time) : time;
  },
};

export const timestamptzCodec: Codec = {
  name: 'timestamptz',
  decodeText: parseTimestamptz,
  decodeBinary: (buffer, start, end) => {
    expectLength('timestamptz', start, end, 8);
    const time = readTime(buffer, start);
    return Number.isFinite(time) ? instant('timestamptz', time) : time;
  },
  // Up to here, about the year 269000, a Date has no bounds to look at, and there is no infinity.
  inline: {
    bytes: 8,
    guard: 'high > -2000000000 && high < 2000000000',
    value: `new Date(high * 4294967 + Math.floor((high * 296 + view.getUint32(offset + 4)) / 1000) + ${EPOCH_MILLISECONDS})`,
  },
};
