/**
 * int2, int4, oid, float4, float8 as numbers.
 *
 * float4 has no binary decoder: its text is the shortest decimal that names the float4, while its binary form
 * widened to a double is another number (0.1 reads as 0.10000000149011612).
 */
import {expectLength, malformed} from './codec';
import type {Codec} from './codec';

function numberParser(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text === '' || (Number.isNaN(value) && text !== 'NaN'))
      throw malformed(name, 'not a number');
    return value;
  };
}

function integerParser(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text === '' || !Number.isInteger(value)) throw malformed(name, 'not an integer');
    return value;
  };
}

export const int2Codec: Codec = {
  name: 'int2',
  decodeText: integerParser('int2'),
  decodeBinary: (buffer, start, end) => {
    expectLength('int2', start, end, 2);
    return buffer.readInt16BE(start);
  },
  inline: {bytes: 2, value: 'view.getInt16(offset)'},
};

export const int4Codec: Codec = {
  name: 'int4',
  decodeText: integerParser('int4'),
  decodeBinary: (buffer, start, end) => {
    expectLength('int4', start, end, 4);
    return buffer.readInt32BE(start);
  },
  inline: {bytes: 4, value: 'view.getInt32(offset)'},
};

export const oidCodec: Codec = {
  name: 'oid',
  decodeText: integerParser('oid'),
  decodeBinary: (buffer, start, end) => {
    expectLength('oid', start, end, 4);
    return buffer.readUInt32BE(start);
  },
  inline: {bytes: 4, value: 'view.getUint32(offset)'},
};

export const float4Codec: Codec = {name: 'float4', decodeText: numberParser('float4')};

export const float8Codec: Codec = {
  name: 'float8',
  decodeText: numberParser('float8'),
  decodeBinary: (buffer, start, end) => {
    expectLength('float8', start, end, 8);
    return buffer.readDoubleBE(start);
  },
  inline: {bytes: 8, value: 'view.getFloat64(offset)'},
};
