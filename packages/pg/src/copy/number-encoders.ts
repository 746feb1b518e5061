/** Whole and floating numbers, in the binary forms of int2send, int4send, int8send, oidsend, float4send, float8send. */
import {OR_TEXT, takeText} from './value-encoder';
import type {ValueEncoder} from './value-encoder';
import type {CopyPlace} from './copy-place';

const INTEGER = /^\s*[+-]?\d+\s*$/;
// What strtod takes of it; other spellings, such as hexadecimal, are left to the server.
const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const INT8_MIN = -(2n ** 63n);
const INT8_MAX = 2n ** 63n - 1n;
const UINT32 = 4_294_967_296;

function integerOf(value: unknown, place: CopyPlace): number | bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'bigint') return value;
  const text = takeText(value, 0, place);
  if (INTEGER.test(text)) return BigInt(text.trim().replace('+', ''));
  throw place.invalid(`is not a whole number; round it, ${OR_TEXT}`);
}

function inRange(
  value: unknown,
  least: number,
  greatest: number,
  typeName: string,
  place: CopyPlace,
): number {
  const integer = Number(integerOf(value, place));
  if (integer >= least && integer <= greatest) return integer;
  throw place.invalid(`is out of the range of ${typeName} (${least} to ${greatest})`);
}

export const encodeInt2: ValueEncoder = (out, value, place) => {
  out.int32(2);
  out.int16(inRange(value, -32_768, 32_767, 'int2', place));
};

export const encodeInt4: ValueEncoder = (out, value, place) => {
  out.int32(4);
  if (typeof value === 'number' && (value | 0) === value) out.int32(value);
  else out.int32(inRange(value, -2_147_483_648, 2_147_483_647, 'int4', place));
};

export const encodeOid: ValueEncoder = (out, value, place) => {
  out.int32(4);
  out.uint32(inRange(value, 0, 4_294_967_295, 'oid', place));
};

export const encodeInt8: ValueEncoder = (out, value, place) => {
  out.int32(8);
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const high = Math.floor(value / UINT32);
    out.int32(high);
    out.uint32(value - high * UINT32);
    return;
  }
  const exact = BigInt(integerOf(value, place));
  if (exact < INT8_MIN || exact > INT8_MAX) {
    throw place.invalid(`is out of the range of int8 (${INT8_MIN} to ${INT8_MAX})`);
  }
  out.int32(Number(exact >> 32n));
  out.uint32(Number(exact & 0xffff_ffffn));
};

function floatOf(value: unknown, place: CopyPlace): number {
  if (typeof value === 'number') return value;
  const text = takeText(value, 0, place);
  if (DECIMAL.test(text)) {
    const number = Number(text);
    // Where a double has no room, the server says so; so do we.
    const lost =
      !Number.isFinite(number) || (number === 0 && /[1-9]/.test(text.split(/e/i)[0] ?? ''));
    if (!lost) return number;
    throw place.invalid('is out of the range of float8');
  }
  switch (text.trim().toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'infinity':
      return Infinity;
    case '-infinity':
      return -Infinity;
    default:
      throw place.invalid(`is not a decimal number; convert it, ${OR_TEXT}`);
  }
}

export const encodeFloat8: ValueEncoder = (out, value, place) => {
  out.int32(8);
  out.float64(typeof value === 'number' ? value : floatOf(value, place));
};

export const encodeFloat4: ValueEncoder = (out, value, place) => {
  const exact = floatOf(value, place);
  const single = Math.fround(exact);
  if ((Number.isFinite(exact) && !Number.isFinite(single)) || (single === 0 && exact !== 0)) {
    throw place.invalid('is out of the range of float4');
  }
  out.int32(4);
  out.float32(single);
};
