/** Rows out of DataRow messages, for the types that the bench asks for; everything else is text. */
export interface Column {
  readonly name: string;
  readonly type: number;
}

export type Row = Record<string, unknown>;

const bool = 16;
const bytea = 17;
const int4 = 23;
const float8 = 701;
const json = 114;
const jsonb = 3802;
const binaryTypes: ReadonlySet<number> = new Set([bool, bytea, int4, float8]);

export function formatOf(type: number): 0 | 1 {
  return binaryTypes.has(type) ? 1 : 0;
}

export function readColumns(bytes: Buffer, start: number): Column[] {
  let offset = start + 2;
  return Array.from({length: bytes.readInt16BE(start)}, () => {
    const end = bytes.indexOf(0, offset);
    const column = {name: bytes.toString('utf8', offset, end), type: bytes.readInt32BE(end + 7)};
    offset = end + 19;
    return column;
  });
}

export function readRow(
  bytes: Buffer,
  start: number,
  columns: readonly Column[],
  own: boolean,
): Row {
  const row: Row = {};
  let offset = start + 2;
  for (const {name, type} of columns) {
    const length = bytes.readInt32BE(offset);
    offset += 4;
    if (length < 0) {
      row[name] = null;
      continue;
    }
    row[name] = readValue(bytes, offset, offset + length, type, own);
    offset += length;
  }
  return row;
}

function readValue(bytes: Buffer, start: number, end: number, type: number, own: boolean): unknown {
  switch (type) {
    case bool:
      return bytes[start] === 1;
    case int4:
      return bytes.readInt32BE(start);
    case float8:
      return bytes.readDoubleBE(start);
    case bytea: {
      const value = bytes.subarray(start, end);
      return own ? value : Buffer.from(value);
    }
    case json:
    case jsonb:
      return JSON.parse(bytes.toString('utf8', start, end));
    default:
      return bytes.toString('utf8', start, end);
  }
}
