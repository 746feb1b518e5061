/**
 * bytea as a Buffer that owns its bytes.
 *
 * Text comes in the two forms of bytea_output: hex (`\x6869`) and escape, where a backslash is doubled and a
 * byte outside printable ASCII is three octal digits (docs: "bytea Escape Format").
 */
import {malformed} from './codec';
import type {Codec} from './codec';

const BACKSLASH = 0x5c;

function parseBytea(text: string): Buffer {
  if (!text.startsWith('\\x')) return parseEscapeFormat(text);
  const bytes = Buffer.from(text.slice(2), 'hex');
  // Buffer.from stops silently at the first pair that is not hex.
  if (bytes.length * 2 !== text.length - 2) throw malformed('bytea', 'its hex form is broken');
  return bytes;
}

function parseEscapeFormat(text: string): Buffer {
  const source = Buffer.from(text, 'latin1');
  const bytes = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source.readUInt8(i);
    if (byte === BACKSLASH) {
      if (text.charCodeAt(i + 1) === BACKSLASH) i++;
      else {
        const octal = text.slice(i + 1, i + 4);
        if (!/^[0-3][0-7]{2}$/.test(octal)) throw malformed('bytea', 'its escape form is broken');
        byte = Number.parseInt(octal, 8);
        i += 3;
      }
    }
    length = bytes.writeUInt8(byte, length);
  }
  return bytes.subarray(0, length);
}

export const byteaCodec: Codec = {
  name: 'bytea',
  decodeText: parseBytea,
  isBytes: true,
  // A view would keep the whole read buffer alive, and change when it is filled again.
  decodeBinary: (buffer, start, end) => {
    const bytes = Buffer.allocUnsafe(end - start);
    buffer.copy(bytes, 0, start, end);
    return bytes;
  },
};
