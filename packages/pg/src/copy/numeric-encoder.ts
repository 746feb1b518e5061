/**
 * numeric from its decimal digits, exactly: groups of four digits, the weight of the first group, the sign, and how
 * many digits are shown behind the point (numeric_send in utils/adt/numeric.c).
 */
import type {ByteWriter} from '../protocol';
import type {CopyPlace} from './copy-place';
import {OR_TEXT, takeText} from './value-encoder';
import type {ValueEncoder} from './value-encoder';

const DECIMAL = /^\s*([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,6}))?\s*$/;
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const POSITIVE_INFINITY = 0xd000;
const NEGATIVE_INFINITY = 0xf000;
/** NUMERIC_DSCALE_MAX */
const MAXIMUM_SCALE = 0x3fff;
/** NUMERIC_WEIGHT_MAX; text may have 131072 digits before the point. */
const MAXIMUM_WEIGHT = 0x7fff;
const GROUP = 10_000;

export const encodeNumeric: ValueEncoder = (out, value, place) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) writeInteger(out, value);
  else writeDecimal(out, takeText(value, 0, place), place);
};

function writeHead(out: ByteWriter, groups: number, weight: number, sign: number, scale: number) {
  out.int32(8 + groups * 2);
  out.uint16(groups);
  out.int16(weight);
  out.uint16(sign);
  out.uint16(scale);
}

// At most four groups: 2^53 is below 10^16. Groups of zeros at the end are not stripped, which the server does.
function writeInteger(out: ByteWriter, integer: number): void {
  let rest = Math.abs(integer);
  if (rest < GROUP) {
    writeHead(out, rest === 0 ? 0 : 1, 0, integer < 0 ? NEGATIVE : 0, 0);
    if (rest !== 0) out.uint16(rest);
    return;
  }
  const groups = rest < 1e8 ? 2 : rest < 1e12 ? 3 : 4;
  writeHead(out, groups, groups - 1, integer < 0 ? NEGATIVE : 0, 0);
  for (let unit = GROUP ** (groups - 1); unit >= 1; unit /= GROUP) {
    const group = Math.floor(rest / unit);
    out.uint16(group);
    rest -= group * unit;
  }
}

function writeDecimal(out: ByteWriter, text: string, place: CopyPlace): void {
  const match = DECIMAL.exec(text);
  if (match === null) {
    writeHead(out, 0, 0, specialSign(text, place), 0);
    return;
  }
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const scale = Math.max(0, fraction.length - exponent);
  const written = whole + fraction;
  const first = written.search(/[1-9]/);
  const digits = first < 0 ? '' : written.slice(first);
  /** How many digits stand before the point; below 0: how many zeros behind it. */
  const point = whole.length + exponent - Math.max(first, 0);
  const weight = digits === '' ? 0 : Math.ceil(point / 4) - 1;
  if (scale > MAXIMUM_SCALE || Math.abs(weight) > MAXIMUM_WEIGHT) {
    throw place.invalid(
      'does not fit numeric, which has 131072 digits before the point and 16383 behind it',
    );
  }
  const lead = digits === '' ? 0 : weight * 4 + 4 - point;
  const groups = Math.ceil((lead + digits.length) / 4);
  writeHead(
    out,
    digits === '' ? 0 : groups,
    weight,
    sign === '-' && digits !== '' ? NEGATIVE : 0,
    scale,
  );
  if (digits === '') return;
  for (let group = 0; group < groups; group++) {
    let total = 0;
    for (let i = group * 4 - lead; i < group * 4 - lead + 4; i++) {
      // Before the first digit and behind the last one there are zeros.
      total = total * 10 + (i >= 0 && i < digits.length ? digits.charCodeAt(i) - 48 : 0);
    }
    out.uint16(total);
  }
}

function specialSign(text: string, place: CopyPlace): number {
  switch (text.trim().toLowerCase()) {
    case 'nan':
      return NAN;
    case 'infinity':
    case '+infinity':
      return POSITIVE_INFINITY;
    case '-infinity':
      return NEGATIVE_INFINITY;
    default:
      throw place.invalid(`is not a decimal number; convert it, ${OR_TEXT}`);
  }
}
