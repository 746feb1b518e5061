/**
 * Reads the two forms of ISO 8601 that programs have most, without a pattern: `2020-02-29`, and what
 * `Date.prototype.toISOString` gives, `2020-02-29T13:05:06.789Z`. Of years of four digits from 1 on.
 *
 * All else is NO_TIME here, and read, or refused, by date-time-encoders.ts.
 */

/** NaN: any arithmetic with it stays it. */
export const NO_TIME = Number.NaN;

const DATE_LENGTH = 10;
const INSTANT_LENGTH = 24;
const MILLISECONDS_PER_DAY = 86_400_000;
const HYPHEN = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;

/** The digit at this index; something over 9 if there is none. */
function digit(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) >>> 0;
}

/** The number that two digits are; NaN if they are none. */
function pair(text: string, at: number): number {
  const tens = digit(text, at);
  const ones = digit(text, at + 1);
  return tens > 9 || ones > 9 ? NO_TIME : tens * 10 + ones;
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days since 1970-01-01, by the Gregorian calendar, whose years are taken to begin in March: `utcTime` takes 45 ns more. */
function daysOf(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  // 719,468 days lie between 0000-03-01 and 1970-01-01.
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468;
}

/** Midnight in UTC of the date at the beginning of the text. */
function readDate(text: string): number {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return NO_TIME;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const isLegal = year >= 1 && month >= 1 && month <= 12 && day >= 1;
  if (!isLegal || !(day <= daysOfMonth(year, month))) return NO_TIME;
  return daysOf(year, month, day) * MILLISECONDS_PER_DAY;
}

/** Milliseconds since 1970 of `2020-02-29`, midnight in UTC. */
export function readIsoDate(text: string): number {
  return text.length === DATE_LENGTH ? readDate(text) : NO_TIME;
}

/** Milliseconds since 1970 of `2020-02-29T13:05:06.789Z`. */
export function readIsoInstant(text: string): number {
  if (text.length !== INSTANT_LENGTH || text.charCodeAt(23) !== 0x5a) return NO_TIME;
  const separator = text.charCodeAt(10);
  const isSeparated =
    (separator === 0x54 || separator === 0x20) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === POINT;
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  const last = digit(text, 22);
  if (!isSeparated || !(hour < 24 && minute < 60 && second < 60) || last > 9) return NO_TIME;
  return readDate(text) + ((hour * 60 + minute) * 60 + second) * 1000 + pair(text, 20) * 10 + last;
}
