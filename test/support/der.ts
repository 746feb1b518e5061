/**
 * Writes DER, as much of it as an X.509 certificate needs (ITU-T X.690). Reads nothing.
 */

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

export function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, ...parts);
}

/** `[number] EXPLICIT`. */
export function tagged(number: number, ...parts: readonly Buffer[]): Buffer {
  return element(0xa0 + number, ...parts);
}

/** Non-negative, big-endian. */
export function integer(bytes: Buffer): Buffer {
  // The first bit would be a minus sign.
  return element(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

export function bool(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function nullValue(): Buffer {
  return element(0x05);
}

export function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

export function octets(...parts: readonly Buffer[]): Buffer {
  return element(0x04, ...parts);
}

/** A whole number of bytes, so that no bit is unused. */
export function bits(bytes: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), bytes);
}

/** `2.5.4.3` in the base-128 digits of X.690 8.19. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, ...[first * 40 + second, ...rest].map(base128));
}

/** GeneralizedTime: all years in four digits. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return element(0x18, Buffer.from(digits));
}

export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

function base128(value: number): Buffer {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return Buffer.from(digits);
}
