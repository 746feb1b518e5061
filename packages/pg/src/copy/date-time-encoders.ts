/**
 * date, timestamp and timestamptz: days and microseconds since 2000-01-01.
 *
 * A Date means what it means as a parameter: its instant for timestamptz, what a local clock shows for the others.
 * Text is read in ISO form only; whatever depends on settings of the session (a timestamptz without an offset, other
 * forms and orders) is refused, because only the server knows them.
 */
import {types} from 'node:util';
import type {ByteWriter} from '../protocol';
import {EPOCH_MILLISECONDS, utcTime} from '../types';
import type {CopyPlace} from './copy-place';
import {OR_TEXT, takeText} from './value-encoder';
import type {ValueEncoder} from './value-encoder';

const MILLISECONDS_PER_DAY = 86_400_000;
const UINT32 = 4_294_967_296;
const INT32_MAX = 0x7fff_ffff;
const INT32_MIN = -0x8000_0000;
const ISO =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?(?::(\d\d))?)?)?( BC)?$/;

/** A point in time of which a Date could hold all but the last three digits. */
interface Moment {
  /** Milliseconds since 1970 of a clock in UTC that shows what the text says. */
  readonly shown: number;
  readonly microseconds: number;
  /** What the clock is ahead of UTC; undefined if the text does not say. */
  readonly offsetMilliseconds: number | undefined;
}

/** -Infinity, Infinity, or undefined for all that is finite. */
function infinity(value: unknown): number | undefined {
  if (value === Infinity || value === 'infinity') return Infinity;
  return value === -Infinity || value === '-infinity' ? -Infinity : undefined;
}

function timeOf(value: Date, place: CopyPlace): number {
  const time = value.getTime();
  if (Number.isNaN(time))
    throw place.invalid('is an invalid Date; check the text it was made from');
  return time;
}

/** What a local clock shows, as if it were UTC. */
function shownLocally(date: Date): number {
  return utcTime(
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds(),
  );
}

function momentOf(value: unknown, place: CopyPlace): Moment {
  const match = ISO.exec(takeText(value, 0, place));
  if (match === null) {
    throw place.invalid(`is not in ISO form (2020-02-29T13:05:06.789Z); pass a Date, ${OR_TEXT}`);
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', ...rest] =
    match;
  const [zulu, sign, offsetHour = '0', offsetMinute = '0', offsetSecond = '0', bc] = rest;
  const fields = [
    bc === undefined ? Number(year) : 1 - Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const;
  const micro = fraction.padEnd(6, '0');
  const shown = utcTime(...fields, Number(micro.slice(0, 3)));
  // The calendar goes on where a field is too large; the server does not.
  const legal =
    new Date(
      utcTime(2000 + (((fields[0] % 400) + 400) % 400), fields[1], fields[2], 0, 0, 0, 0),
    ).getUTCDate() === fields[2] &&
    fields[1] >= 1 &&
    fields[1] <= 12 &&
    fields[3] < 24 &&
    fields[4] < 60 &&
    fields[5] < 60;
  if (!legal || Number(offsetHour) > 15 || Number(offsetMinute) > 59) {
    throw place.invalid('is not a date of the calendar');
  }
  const offset =
    (Number(offsetHour) * 3600 + Number(offsetMinute) * 60 + Number(offsetSecond)) * 1000;
  const isSaid = zulu !== undefined || sign !== undefined;
  return {
    shown,
    microseconds: Number(micro.slice(3)),
    offsetMilliseconds: isSaid ? (sign === '-' ? -offset : offset) : undefined,
  };
}

/** Splitting 2^22 off first keeps every step an exact integer wherever a Date can hold the time. */
function writeTime(out: ByteWriter, time: number, microseconds: number): void {
  const milliseconds = time - EPOCH_MILLISECONDS;
  const coarse = Math.floor(milliseconds / 4_194_304);
  const fine = (milliseconds - coarse * 4_194_304) * 1000 + microseconds;
  const thousands = coarse * 1000;
  let high = Math.floor(thousands / 1024);
  let low = (thousands - high * 1024) * 4_194_304 + fine;
  if (low >= UINT32) {
    high++;
    low -= UINT32;
  }
  out.int32(8);
  out.int32(high);
  out.uint32(low);
}

function writeInfinity(out: ByteWriter, infinite: number): void {
  out.int32(8);
  out.int32(infinite > 0 ? INT32_MAX : INT32_MIN);
  out.uint32(infinite > 0 ? 0xffff_ffff : 0);
}

export const encodeDate: ValueEncoder = (out, value, place) => {
  const infinite = infinity(value);
  let days: number;
  if (infinite !== undefined) days = infinite > 0 ? INT32_MAX : INT32_MIN;
  else {
    if (types.isDate(value)) timeOf(value, place);
    const shown = types.isDate(value) ? shownLocally(value) : momentOf(value, place).shown;
    days = Math.floor((shown - EPOCH_MILLISECONDS) / MILLISECONDS_PER_DAY);
  }
  out.int32(4);
  out.int32(days);
};

export const encodeTimestamp: ValueEncoder = (out, value, place) => {
  const infinite = infinity(value);
  if (infinite !== undefined) writeInfinity(out, infinite);
  else if (types.isDate(value)) {
    timeOf(value, place);
    writeTime(out, shownLocally(value), 0);
  } else {
    const moment = momentOf(value, place);
    writeTime(out, moment.shown, moment.microseconds);
  }
};

export const encodeTimestamptz: ValueEncoder = (out, value, place) => {
  const infinite = infinity(value);
  if (infinite !== undefined) writeInfinity(out, infinite);
  else if (types.isDate(value)) writeTime(out, timeOf(value, place), 0);
  else {
    const {shown, microseconds, offsetMilliseconds} = momentOf(value, place);
    if (offsetMilliseconds === undefined) {
      throw place.invalid(`has no offset from UTC, such as Z or +02:00; add it, ${OR_TEXT}`);
    }
    writeTime(out, shown - offsetMilliseconds, microseconds);
  }
};
