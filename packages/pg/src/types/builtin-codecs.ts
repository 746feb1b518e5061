/**
 * Which codec reads which built-in type that is not an array. A type that is not named here is read as text.
 * int8 is missing: how it is read is an option of the registry.
 */
import {boolCodec} from './bool-codec';
import {byteaCodec} from './bytea-codec';
import type {Codec} from './codec';
import {dateCodec, timestampCodec, timestamptzCodec} from './date-time-codec';
import {circleCodec, pointCodec} from './geometric-codec';
import {intervalCodec} from './interval-codec';
import {jsonCodec, jsonbCodec} from './json-codec';
import {float4Codec, float8Codec, int2Codec, int4Codec, oidCodec} from './number-codec';
import {plainTextCodec} from './string-codec';
import {uuidCodec} from './uuid-codec';
import {DataTypeID} from './data-type-id.generated';

export const BUILTIN_CODECS: ReadonlyMap<number, Codec> = new Map<number, Codec>([
  [DataTypeID.bool, boolCodec],
  [DataTypeID.bytea, byteaCodec],
  [DataTypeID.int2, int2Codec],
  [DataTypeID.int4, int4Codec],
  [DataTypeID.oid, oidCodec],
  [DataTypeID.float4, float4Codec],
  [DataTypeID.float8, float8Codec],
  [DataTypeID.json, jsonCodec],
  [DataTypeID.jsonb, jsonbCodec],
  [DataTypeID.point, pointCodec],
  [DataTypeID.circle, circleCodec],
  [DataTypeID.date, dateCodec],
  [DataTypeID.timestamp, timestampCodec],
  [DataTypeID.timestamptz, timestamptzCodec],
  [DataTypeID.interval, intervalCodec],
  [DataTypeID.uuid, uuidCodec],
  [DataTypeID.text, plainTextCodec('text')],
  [DataTypeID.varchar, plainTextCodec('varchar')],
  [DataTypeID.bpchar, plainTextCodec('bpchar')],
  [DataTypeID.name, plainTextCodec('name')],
]);
