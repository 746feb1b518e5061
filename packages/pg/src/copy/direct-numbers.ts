/** The short way of bool, int2, int4, int8, float4 and float8: numbers, booleans and bigints that fit. */
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';
import {setInt64} from './direct-memory';

export const directBool: DirectEncoder = {
  name: 'bool',
  mostBytes: 1,
  write: (memory, at, value) => {
    if (typeof value !== 'boolean') return NOT_TAKEN;
    memory.setInt32(at, 1);
    memory.setUint8(at + 4, value ? 1 : 0);
    return at + 5;
  },
};

export const directInt2: DirectEncoder = {
  name: 'int2',
  mostBytes: 2,
  write: (memory, at, value) => {
    if (typeof value !== 'number' || (value << 16) >> 16 !== value) return NOT_TAKEN;
    memory.setInt32(at, 2);
    memory.setInt16(at + 4, value);
    return at + 6;
  },
};

export const directInt4: DirectEncoder = {
  name: 'int4',
  mostBytes: 4,
  write: (memory, at, value) => {
    if (typeof value !== 'number' || (value | 0) !== value) return NOT_TAKEN;
    memory.setInt32(at, 4);
    memory.setInt32(at + 4, value);
    return at + 8;
  },
};

export const directInt8: DirectEncoder = {
  name: 'int8',
  mostBytes: 8,
  write: (memory, at, value) => {
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) return NOT_TAKEN;
      setInt64(memory, at + 4, value);
    } else {
      if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) return NOT_TAKEN;
      memory.setBigInt64(at + 4, value);
    }
    memory.setInt32(at, 8);
    return at + 12;
  },
};

export const directFloat8: DirectEncoder = {
  name: 'float8',
  mostBytes: 8,
  write: (memory, at, value) => {
    if (typeof value !== 'number') return NOT_TAKEN;
    memory.setInt32(at, 8);
    memory.setFloat64(at + 4, value);
    return at + 12;
  },
};

export const directFloat4: DirectEncoder = {
  name: 'float4',
  mostBytes: 4,
  write: (memory, at, value) => {
    if (typeof value !== 'number') return NOT_TAKEN;
    const single = Math.fround(value);
    // What became infinite or 0 has no room, unless it was that before.
    if ((single === 0 || !Number.isFinite(single)) && single !== value) return NOT_TAKEN;
    memory.setInt32(at, 4);
    memory.setFloat32(at + 4, value);
    return at + 8;
  },
};
