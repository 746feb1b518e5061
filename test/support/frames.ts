/** Messages of the protocol, piece by piece, for what the writers of the package refuse to write. */

export function frame(tag: string, ...body: readonly (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(body.map((part) => Buffer.from(part)));
  return Buffer.concat([header(tag, 4 + bytes.length), bytes]);
}

/** The five bytes in front of a body, whatever length they claim. */
export function header(tag: string, length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(tag, 'latin1');
  bytes.writeInt32BE(length, 1);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
