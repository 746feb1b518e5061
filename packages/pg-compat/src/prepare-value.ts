/**
 * Values of programs -> parameters as pg sends them: text, except for bytes. The server decides on the types.
 *
 * Unlike pg it refuses an invalid date, which no server takes.
 */
import {isDate} from 'node:util/types';
import {defaults} from './defaults';

export type Parameter = string | Buffer | null;

interface ToPostgres {
  toPostgres(prepare: (value: unknown) => Parameter): unknown;
}

/** @throws {TypeError | RangeError} A value that cannot be sent. */
export function prepareValue(value: unknown): Parameter {
  return prepare(value, []);
}

function prepare(value: unknown, inside: readonly unknown[]): Parameter {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  // oxlint-disable-next-line typescript/no-base-to-string -- also of functions and symbols, as pg has it
  if (typeof value !== 'object') return String(value);
  if (Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  if (isDate(value)) return formatDate(value);
  if (Array.isArray(value)) return formatArray(value);
  if (hasToPostgres(value)) {
    if (inside.includes(value)) {
      throw new TypeError('toPostgres() of a parameter leads back to itself');
    }
    return prepare(value.toPostgres(prepareValue), [...inside, value]);
  }
  return JSON.stringify(value) ?? null;
}

function hasToPostgres(value: object): value is ToPostgres {
  return 'toPostgres' in value && typeof value.toPostgres === 'function';
}

/** An array literal (docs: "Array Input and Output Syntax"). An object in it is JSON, as by itself. */
function formatArray(values: readonly unknown[]): string {
  return `{${values.map(formatElement).join(',')}}`;
}

function formatElement(value: unknown): string {
  if (Array.isArray(value)) return formatArray(value);
  const text = prepareValue(value);
  if (text === null) return 'NULL';
  if (typeof text !== 'string') return String.raw`\\x${text.toString('hex')}`;
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function formatDate(date: Date): string {
  if (Number.isNaN(date.getTime())) {
    throw new RangeError('a parameter is an invalid date, which Postgres has no value for');
  }
  if (defaults.parseInputDatesAsUTC) return shifted(date, '+00:00');
  const offset = -date.getTimezoneOffset();
  const minutes = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`;
  // The same clock in UTC, so that one way to print it will do.
  const local = new Date(0);
  local.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  local.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  return shifted(local, zone);
}

/** The clock of `date` in UTC, with the name of another zone. */
function shifted(date: Date, zone: string): string {
  const year = date.getUTCFullYear();
  const isBc = year < 1;
  const day = `${digits(isBc ? 1 - year : year, 4)}-${digits(date.getUTCMonth() + 1, 2)}-${digits(date.getUTCDate(), 2)}`;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    .map((part) => digits(part, 2))
    .join(':');
  return `${day}T${clock}.${digits(date.getUTCMilliseconds(), 3)}${zone}${isBc ? ' BC' : ''}`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
