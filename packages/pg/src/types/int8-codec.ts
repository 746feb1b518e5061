/**
 * int8 in the three ways a program can ask for it.
 *
 * Invariant: no mode rounds. `number` gives exactly the value of the server or an error that names the option.
 */
import {expectLength, malformed, outOfRange} from './codec';
import type {BigIntMode, Codec} from './codec';

const UINT32_RANGE = 4_294_967_296;

function unsafe(): Error {
  return outOfRange(
    'int8',
    `does not fit a JavaScript number without rounding (it is outside ±${Number.MAX_SAFE_INTEGER}); ` +
      `set the option bigIntMode to 'bigint' or 'string' to read it exactly`,
  );
}

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) {
    if (text === '') throw malformed('int8', 'not an integer');
    return value;
  }
  throw Number.isInteger(value) ? unsafe() : malformed('int8', 'not an integer');
}

function readSafeInteger(buffer: Buffer, start: number, end: number): number {
  expectLength('int8', start, end, 8);
  const high = buffer.readInt32BE(start);
  // Rounds beyond 2^53 only, and never back to a safe integer.
  const value = high * UINT32_RANGE + buffer.readUInt32BE(start + 4);
  if (!Number.isSafeInteger(value)) throw unsafe();
  return value;
}

function parseBigInt(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw malformed('int8', 'not an integer');
  return BigInt(text);
}

function readBigInt(buffer: Buffer, start: number, end: number): bigint {
  expectLength('int8', start, end, 8);
  return buffer.readBigInt64BE(start);
}

export const int8Codecs: Readonly<Record<BigIntMode, Codec>> = {
  number: {
    name: 'int8',
    decodeText: parseSafeInteger,
    decodeBinary: readSafeInteger,
    // 2097152 * 2^32 is 2^53.
    inline: {
      bytes: 8,
      guard: 'high > -2097152 && high < 2097152',
      value: `high * ${UINT32_RANGE} + view.getUint32(offset + 4)`,
    },
  },
  bigint: {name: 'int8', decodeText: parseBigInt, decodeBinary: readBigInt},
  // Postgres prints it faster than this client would.
  string: {name: 'int8', decodeText: (text) => text},
};
