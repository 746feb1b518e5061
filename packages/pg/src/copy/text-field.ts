/** One field of COPY's text format (commands/copyfromparse.c, CopyReadAttributesText). */

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** Bytes are written as bytea reads them. */
export function textFieldOf(value: string | Uint8Array | null): string {
  if (value === null) return String.raw`\N`;
  if (typeof value !== 'string') {
    const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
    return `\\\\x${hex}`;
  }
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
