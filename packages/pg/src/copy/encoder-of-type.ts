/** Which encoder writes which type. A type without one makes the whole COPY go as text. */
import {DataTypeID, JSON_OIDS} from '../types';
import type {TypeRegistry} from '../types';
import {arrayEncoder} from './array-encoder';
import {encodeDate, encodeTimestamp, encodeTimestamptz} from './date-time-encoders';
import {
  encodeFloat4,
  encodeFloat8,
  encodeInt2,
  encodeInt4,
  encodeInt8,
  encodeOid,
} from './number-encoders';
import {encodeNumeric} from './numeric-encoder';
import {
  encodeBool,
  encodeBytea,
  encodeJson,
  encodeJsonb,
  encodeText,
  encodeUuid,
} from './text-encoders';
import type {ValueEncoder} from './value-encoder';

// Not name: its text is cut at 63 bytes where its binary form is refused.
const ENCODERS: ReadonlyMap<number, ValueEncoder> = new Map([
  [DataTypeID.bool, encodeBool],
  [DataTypeID.bytea, encodeBytea],
  [DataTypeID.int2, encodeInt2],
  [DataTypeID.int4, encodeInt4],
  [DataTypeID.int8, encodeInt8],
  [DataTypeID.oid, encodeOid],
  [DataTypeID.float4, encodeFloat4],
  [DataTypeID.float8, encodeFloat8],
  [DataTypeID.numeric, encodeNumeric],
  [DataTypeID.text, encodeText],
  [DataTypeID.varchar, encodeText],
  [DataTypeID.bpchar, encodeText],
  [DataTypeID.uuid, encodeUuid],
  [DataTypeID.json, encodeJson],
  [DataTypeID.jsonb, encodeJsonb],
  [DataTypeID.date, encodeDate],
  [DataTypeID.timestamp, encodeTimestamp],
  [DataTypeID.timestamptz, encodeTimestamptz],
]);

/** Undefined for types that go as text: composites, ranges, interval, network addresses, types of extensions, ... */
export function encoderOfType(oid: number, registry: TypeRegistry): ValueEncoder | undefined {
  const base = baseOf(oid, registry);
  const scalar = ENCODERS.get(base);
  if (scalar !== undefined) return scalar;
  const type = registry.typeOf(base);
  if (type === undefined) return undefined;
  if (type.kind === 'e') return encodeText;
  if (type.elementOid === 0) return undefined;
  const elementBase = baseOf(type.elementOid, registry);
  const holdsDocuments = JSON_OIDS.has(elementBase);
  // An array of a domain over an array: its elements are arrays themselves, which no literal can tell apart.
  const element = registry.typeOf(elementBase);
  if (element !== undefined && element.elementOid !== 0) return undefined;
  const encodeElement = encoderOfType(type.elementOid, registry);
  return encodeElement && arrayEncoder(type.elementOid, encodeElement, holdsDocuments);
}

/** Of a domain the type below it, however many domains are in between. */
function baseOf(oid: number, registry: TypeRegistry): number {
  let base = oid;
  // A catalogue that makes a type its own base must not hang us.
  for (let i = 0; i < 64; i++) {
    const below = registry.typeOf(base)?.baseOid ?? 0;
    if (below === 0) break;
    base = below;
  }
  return base;
}
