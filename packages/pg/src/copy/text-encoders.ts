/** Types whose binary form is text or bytes: text, varchar, bpchar, enums, json, jsonb, bytea; and uuid and bool. */
import {types} from 'node:util';
import type {ByteWriter} from '../protocol';
import {DataTypeID, encodeParameterAt, whyNotSendable} from '../types';
import type {CopyPlace} from './copy-place';
import {OR_TEXT, takeText} from './value-encoder';
import type {ValueEncoder} from './value-encoder';

const JSONB_VERSION = 1;
const UUID = /^\{?([\da-f]{4}-?){7}[\da-f]{4}\}?$/i;
const TRUE = new Set(['t', 'true', 'y', 'yes', 'on', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', 'off', '0']);

function writeText(out: ByteWriter, text: string, place: CopyPlace): void {
  try {
    out.utf8WithLength(text);
  } catch (error) {
    throw place.invalid(whyNotSendable(text) ?? 'cannot be written as text (see cause)', error);
  }
}

function writeBytes(out: ByteWriter, bytes: Uint8Array): void {
  out.int32(bytes.length);
  out.bytes(bytes);
}

export const encodeText: ValueEncoder = (out, value, place) => {
  if (typeof value === 'string') {
    writeText(out, value, place);
    return;
  }
  const encoded = encodeParameterAt(value, 0, place);
  if (typeof encoded === 'string') writeText(out, encoded, place);
  else if (encoded !== null) writeBytes(out, encoded);
  else out.int32(-1);
};

export const encodeJson: ValueEncoder = (out, value, place) => {
  writeText(out, takeText(value, DataTypeID.json, place), place);
};

export const encodeJsonb: ValueEncoder = (out, value, place) => {
  const text = takeText(value, DataTypeID.jsonb, place);
  const length = out.mark();
  out.int32(0);
  out.int8(JSONB_VERSION);
  out.utf8(text);
  out.fillLength(length);
};

export const encodeBytea: ValueEncoder = (out, value, place) => {
  if (types.isUint8Array(value)) {
    writeBytes(out, value);
    return;
  }
  const encoded = encodeParameterAt(value, 0, place);
  if (encoded === null) out.int32(-1);
  else if (typeof encoded !== 'string') writeBytes(out, encoded);
  else writeBytes(out, bytesOf(encoded, place));
};

// byteain: hex behind \x, else characters, of which only the backslash means something else than itself.
function bytesOf(text: string, place: CopyPlace): Buffer {
  if (!text.includes('\\')) return Buffer.from(text);
  if (/^\\x(?:[\da-f]{2})*$/i.test(text)) return Buffer.from(text.slice(2), 'hex');
  throw place.invalid(
    `is a text with backslashes that is not \\x and hex digits; pass a Buffer, ${OR_TEXT}`,
  );
}

export const encodeUuid: ValueEncoder = (out, value, place) => {
  const text = takeText(value, 0, place);
  if (!UUID.test(text) || text.startsWith('{') !== text.endsWith('}')) {
    throw place.invalid('is not a uuid');
  }
  out.int32(16);
  let high = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // 0-9, then a-f in either case; all else is a hyphen or a brace.
    const digit =
      code <= 0x39 ? code - 0x30 : code === 0x7b || code === 0x7d ? -1 : (code | 0x20) - 0x57;
    if (digit < 0) continue;
    if (high < 0) high = digit;
    else {
      out.uint8(high * 16 + digit);
      high = -1;
    }
  }
};

export const encodeBool: ValueEncoder = (out, value, place) => {
  out.int32(1);
  out.uint8(
    (typeof value === 'boolean' ? value : boolOf(takeText(value, 0, place), place)) ? 1 : 0,
  );
};

function boolOf(text: string, place: CopyPlace): boolean {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw place.invalid('is neither true nor false');
}
