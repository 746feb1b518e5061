/**
 * Dates between Postgres and JavaScript: epochs, years before Christ, local time.
 *
 * Invariants: `date` and `timestamp` have no time zone and are read as local time of this process, as the
 * original does; a Date that JavaScript cannot hold (beyond 275760 or before 271821 BC) is an error, never an
 * Invalid Date. Years are astronomical here: 1 BC is 0, 2 BC is -1.
 */
import {outOfRange} from './codec';

const MILLISECONDS_PER_DAY = 86_400_000;
/** Days from 1970-01-01 to 2000-01-01: POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE in datatype/timestamp.h. */
const EPOCH_DAYS = 10_957;
/** The same in milliseconds. */
export const EPOCH_MILLISECONDS = EPOCH_DAYS * MILLISECONDS_PER_DAY;
const DAYS_PER_400_YEARS = 146_097;
/** The largest distance from 1970 a Date can have (ECMA-262, "Time Values and Time Range"). */
const MAXIMUM_TIME = 8.64e15;

function unrepresentable(typeName: string): Error {
  return outOfRange(
    typeName,
    'is outside the range of a JavaScript Date (271821 BC to 275760 AD); cast it to text in the query to read it',
  );
}

/** The instant, checked. */
export function instant(typeName: string, time: number): Date {
  // Written so that NaN fails too.
  if (!(Math.abs(time) <= MAXIMUM_TIME)) throw unrepresentable(typeName);
  return new Date(time);
}

/** The moment at which a clock in this process' time zone shows these. */
export function localDate(
  typeName: string,
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): Date {
  const date = new Date(year, month - 1, day, hour, minute, second, millisecond);
  // The constructor takes 0..99 for 1900..1999.
  if (year >= 0 && year < 100) {
    date.setFullYear(year, month - 1, day);
    date.setHours(hour, minute, second, millisecond);
  }
  if (Number.isNaN(date.getTime())) throw unrepresentable(typeName);
  return date;
}

/** The instant at which a clock in UTC shows these; not checked, see `instant`. */
export function utcTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number {
  // The calendar repeats every 400 years. Date.UTC is asked for a year of 2000..2399, because it takes 0..99 for
  // 1900..1999, and has no answer near the end of the range, where an offset still brings the value back inside.
  const cycles = Math.floor((year - 2000) / 400);
  const time = Date.UTC(year - cycles * 400, month - 1, day, hour, minute, second, millisecond);
  return time + cycles * DAYS_PER_400_YEARS * MILLISECONDS_PER_DAY;
}

/** Local midnight of the day that is `days` after 2000-01-01. */
export function localDateOfDays(typeName: string, days: number): Date {
  return localDateOfTime(typeName, days * MILLISECONDS_PER_DAY + EPOCH_MILLISECONDS);
}

/** The local moment whose clock shows what a clock in UTC shows at `time`. */
export function localDateOfTime(typeName: string, time: number): Date {
  const days = Math.floor(time / MILLISECONDS_PER_DAY);
  // The constructor counts on from January 1st for any number of days (ECMA-262, MakeDay), so nobody has to
  // find out year and month only for it to count them back.
  const date = new Date(1970, 0, 1 + days, 0, 0, 0, time - days * MILLISECONDS_PER_DAY);
  if (Number.isNaN(date.getTime())) throw unrepresentable(typeName);
  return date;
}
