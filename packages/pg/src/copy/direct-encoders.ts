/** Which ValueEncoder has a short way, for the values that programs send most. */
import {encodeDate, encodeTimestamp, encodeTimestamptz} from './date-time-encoders';
import {directDate, directTimestamp, directTimestamptz} from './direct-date-times';
import {takesNothing} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';
import {
  directBool,
  directFloat4,
  directFloat8,
  directInt2,
  directInt4,
  directInt8,
} from './direct-numbers';
import {directNumeric} from './direct-numeric';
import {directText, directUuid} from './direct-text';
import {encodeFloat4, encodeFloat8, encodeInt2, encodeInt4, encodeInt8} from './number-encoders';
import {encodeNumeric} from './numeric-encoder';
import {encodeBool, encodeText, encodeUuid} from './text-encoders';
import type {ValueEncoder} from './value-encoder';

const DIRECT: ReadonlyMap<ValueEncoder, DirectEncoder> = new Map([
  [encodeBool, directBool],
  [encodeInt2, directInt2],
  [encodeInt4, directInt4],
  [encodeInt8, directInt8],
  [encodeFloat4, directFloat4],
  [encodeFloat8, directFloat8],
  [encodeNumeric, directNumeric],
  [encodeText, directText],
  [encodeUuid, directUuid],
  [encodeDate, directDate],
  [encodeTimestamp, directTimestamp],
  [encodeTimestamptz, directTimestamptz],
]);

/** One that takes nothing, where the type has none. */
export function directEncoderOf(encode: ValueEncoder): DirectEncoder {
  return DIRECT.get(encode) ?? takesNothing;
}
