/**
 * The short way of date, timestamp and timestamptz: Dates, and text in the forms that `toISOString` gives.
 *
 * What they mean is said in date-time-encoders.ts.
 */
import {EPOCH_MILLISECONDS} from '../types';
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';
import {setInt64} from './direct-memory';
import {NO_TIME, readIsoDate, readIsoInstant} from './iso-text';

/** A constant of this module: behind the index of another it is a getter, asked for with each value. */
const EPOCH = EPOCH_MILLISECONDS;
const MILLISECONDS_PER_DAY = 86_400_000;
/** Up to here from 2000 (the year 2285), microseconds are exact in a double. */
const EXACT_MILLISECONDS = 9e12;
/** 1973-01-01. Until 1972 there were local times whose distance from UTC was no whole number of minutes. */
const WHOLE_MINUTES_SINCE = 94_694_400_000;

/** NO_TIME for what is no Date. */
function timeOf(value: unknown): number {
  if (!(value instanceof Date)) return NO_TIME;
  try {
    return value.getTime();
  } catch {
    // It only has the prototype of a Date.
    return NO_TIME;
  }
}

/** What a local clock shows, as if it were UTC. */
function shownTimeOf(value: unknown): number {
  const time = timeOf(value);
  if (!(time >= WHOLE_MINUTES_SINCE) || !(value instanceof Date)) return NO_TIME;
  return time - value.getTimezoneOffset() * 60_000;
}

/** @param time Milliseconds since 1970. */
function writeTime(memory: DataView, at: number, time: number): number {
  const milliseconds = time - EPOCH;
  // Written so that NO_TIME, which is NaN, fails too.
  if (!(Math.abs(milliseconds) <= EXACT_MILLISECONDS)) return NOT_TAKEN;
  memory.setInt32(at, 8);
  setInt64(memory, at + 4, milliseconds * 1000);
  return at + 12;
}

export const directTimestamptz: DirectEncoder = {
  name: 'timestamptz',
  mostBytes: 8,
  write: (memory, at, value) =>
    writeTime(memory, at, typeof value === 'string' ? readIsoInstant(value) : timeOf(value)),
};

export const directTimestamp: DirectEncoder = {
  name: 'timestamp',
  mostBytes: 8,
  write: (memory, at, value) =>
    writeTime(memory, at, typeof value === 'string' ? readIsoInstant(value) : shownTimeOf(value)),
};

export const directDate: DirectEncoder = {
  name: 'date',
  mostBytes: 4,
  write: (memory, at, value) => {
    const shown = typeof value === 'string' ? readIsoDate(value) : shownTimeOf(value);
    const milliseconds = shown - EPOCH;
    if (!(Math.abs(milliseconds) <= EXACT_MILLISECONDS)) return NOT_TAKEN;
    memory.setInt32(at, 4);
    memory.setInt32(at + 4, Math.floor(milliseconds / MILLISECONDS_PER_DAY));
    return at + 8;
  },
};
