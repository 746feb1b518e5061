/**
 * A Date as the text Postgres reads: local time with its offset, so that a timestamptz gets the instant, and a
 * date or a timestamp (which ignore the offset) get what a clock of this process shows.
 */

import {utcTime} from './calendar';

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

/** The text of a valid date, for example `2020-02-29T13:05:06.007+02:00`. */
export function formatDate(date: Date): string {
  const year = date.getFullYear();
  const day =
    `${digits(year > 0 ? year : 1 - year, 4)}-${digits(date.getMonth() + 1, 2)}-${digits(date.getDate(), 2)}` +
    `T${digits(date.getHours(), 2)}:${digits(date.getMinutes(), 2)}` +
    `:${digits(date.getSeconds(), 2)}.${digits(date.getMilliseconds(), 3)}`;
  return day + formatOffset(offsetSeconds(date)) + (year > 0 ? '' : ' BC');
}

// Not getTimezoneOffset(), which is in whole minutes: before standard time, clocks differed by seconds too
// (Amsterdam was 19 minutes 32 seconds ahead), and the instant has to come out right there as well.
function offsetSeconds(date: Date): number {
  const shown = utcTime(
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds(),
  );
  return Math.round((shown - date.getTime()) / 1000);
}

function formatOffset(seconds: number): string {
  const distance = Math.abs(seconds);
  const text =
    `${seconds < 0 ? '-' : '+'}${digits(Math.floor(distance / 3600), 2)}` +
    `:${digits(Math.floor(distance / 60) % 60, 2)}`;
  return distance % 60 === 0 ? text : `${text}:${digits(distance % 60, 2)}`;
}
