/**
 * The short way of numeric: up to twelve digits before the point and eight behind it, as numbers or as text.
 *
 * The form is said in numeric-encoder.ts.
 */
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';

const NEGATIVE = 0x4000;
const GROUP = 10_000;
const MINUS = 0x2d;
const POINT = 0x2e;
const MOST_WHOLE = 1e12;
const MOST_FRACTION_DIGITS = 8;
/** The sign, twelve digits, the point, eight digits. */
const MOST_CHARACTERS = 22;

export const directNumeric: DirectEncoder = {
  name: 'numeric',
  // The head, and five groups.
  mostBytes: 18,
  write: (memory, at, value) => {
    if (typeof value === 'string') return writeText(memory, at, value);
    if (typeof value !== 'number') return NOT_TAKEN;
    if (!Number.isInteger(value)) return writeText(memory, at, String(value));
    const whole = Math.abs(value);
    return whole < MOST_WHOLE ? writeParts(memory, at, value < 0, whole, 0, 0) : NOT_TAKEN;
  },
};

function writeText(memory: DataView, at: number, text: string): number {
  const {length} = text;
  const isNegative = text.charCodeAt(0) === MINUS;
  let i = isNegative ? 1 : 0;
  if (length > MOST_CHARACTERS || i === length) return NOT_TAKEN;
  let whole = 0;
  let fraction = 0;
  /** How many digits are behind the point; below 0 in front of it. */
  let scale = -1;
  for (; i < length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (scale < 0) whole = whole * 10 + digit;
      else {
        fraction = fraction * 10 + digit;
        scale++;
      }
    } else if (digit === POINT - 0x30 && scale < 0 && i > 0) scale = 0;
    else return NOT_TAKEN;
  }
  // A point needs a digit on both sides here: '5.' and '-.5' go the long way.
  if (scale === 0 || whole >= MOST_WHOLE || scale > MOST_FRACTION_DIGITS) return NOT_TAKEN;
  if (isNegative && text.charCodeAt(1) === POINT) return NOT_TAKEN;
  return writeParts(memory, at, isNegative, whole, fraction, Math.max(scale, 0));
}

function writeParts(
  memory: DataView,
  at: number,
  isNegative: boolean,
  whole: number,
  fraction: number,
  scale: number,
): number {
  const start = at + 12;
  let end = start;
  let weight = 0;
  if (whole > 0) {
    if (whole >= GROUP * GROUP) {
      const first = Math.floor(whole / (GROUP * GROUP));
      memory.setUint16(end, first);
      end += 2;
      weight++;
    }
    if (whole >= GROUP) {
      memory.setUint16(end, Math.floor(whole / GROUP) % GROUP);
      end += 2;
      weight++;
    }
    memory.setUint16(end, whole % GROUP);
    end += 2;
  } else weight = -1;
  if (scale > 0) {
    // In groups of four digits, of which the last one is filled up with zeros.
    const isWide = scale > 4;
    const padded = fraction * 10 ** ((isWide ? 8 : 4) - scale);
    const high = isWide ? Math.floor(padded / GROUP) : padded;
    // Zeros in front of the first digit are said by the weight.
    if (end > start || high > 0) {
      memory.setUint16(end, high);
      end += 2;
    } else weight--;
    const low = isWide ? padded % GROUP : 0;
    if (isWide && (end > start || low > 0)) {
      memory.setUint16(end, low);
      end += 2;
    }
  }
  const isZero = end === start;
  memory.setInt32(at, 8 + end - start);
  memory.setUint16(at + 4, (end - start) >> 1);
  memory.setInt16(at + 6, isZero ? 0 : weight);
  memory.setUint16(at + 8, isNegative && !isZero ? NEGATIVE : 0);
  memory.setUint16(at + 10, scale);
  return end;
}
