/** A prepared statement on each connection that it is used on, its parameters in one buffer per call. */
import type {FloorConnection} from './connection';
import {formatOf} from './rows';
import type {Column} from './rows';
import {message} from '../wire-bytes';

const int4 = 23;
const jsonb = 3802;

interface Prepared {
  readonly columns: readonly Column[];
  readonly parameterTypes: readonly number[];
}

export class FloorStatement<Row> {
  readonly #preparedOn = new WeakMap<FloorConnection, Prepared | Promise<Prepared>>();
  // Kept and grown, so that a value of 1 MB does not need new memory each time; written out before the next one is
  // encoded, because a connection has one exchange at a time wherever values are large.
  readonly #buffers = new WeakMap<FloorConnection, Buffer>();
  readonly #name: string;
  readonly #text: string;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  async run(connection: FloorConnection, values: readonly unknown[]): Promise<Row[]> {
    const known = this.#preparedOn.get(connection) ?? this.#prepare(connection);
    const prepared = known instanceof Promise ? await known : known;
    const request = this.#bind(connection, prepared, values);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by every workload, as of every peer
    return (await connection.exchange(request, prepared.columns)).rows as Row[];
  }

  #prepare(connection: FloorConnection): Promise<Prepared> {
    const preparing = connection
      .exchange(
        Buffer.concat([
          message('P', Buffer.from(`${this.#name}\0${this.#text}\0\0\0`)),
          message('D', Buffer.from(`S${this.#name}\0`)),
          sync,
        ]),
      )
      .then(({columns, parameterTypes}) => {
        const prepared = {columns, parameterTypes};
        this.#preparedOn.set(connection, prepared);
        return prepared;
      });
    this.#preparedOn.set(connection, preparing);
    return preparing;
  }

  #bind(
    connection: FloorConnection,
    {columns, parameterTypes}: Prepared,
    values: readonly unknown[],
  ): Buffer {
    const encoded = values.map((value, index) => encodable(value, parameterTypes[index]));
    const bodyBytes = encoded.reduce<number>((sum, value) => sum + 6 + sizeOf(value), 0);
    const most = 32 + this.#name.length + bodyBytes + columns.length * 2;
    let buffer = this.#buffers.get(connection);
    if (buffer === undefined || buffer.length < most || most < reuseFromBytes) {
      buffer = Buffer.allocUnsafe(most);
      if (most >= reuseFromBytes) this.#buffers.set(connection, buffer);
    }
    let offset = 5;
    const int16 = (value: number): void => {
      offset = buffer.writeInt16BE(value, offset);
    };
    buffer[0] = 0x42;
    buffer[offset++] = 0; // the unnamed portal
    offset += buffer.write(this.#name, offset, 'latin1');
    buffer[offset++] = 0;
    int16(encoded.length);
    for (const value of encoded) int16(typeof value === 'string' ? 0 : 1);
    int16(encoded.length);
    for (const value of encoded) {
      offset = buffer.writeInt32BE(sizeOf(value), offset);
      if (typeof value === 'number') offset = buffer.writeInt32BE(value, offset);
      else if (typeof value === 'string') offset += buffer.write(value, offset);
      else offset += value.copy(buffer, offset);
    }
    int16(columns.length);
    for (const {type} of columns) int16(formatOf(type));
    buffer.writeInt32BE(offset - 1, 1);
    offset += executeAndSync.copy(buffer, offset);
    return buffer.subarray(0, offset);
  }
}

const reuseFromBytes = 65_536;

function encodable(value: unknown, type: number | undefined): number | string | Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'number' && type === int4) return value;
  return type === jsonb ? JSON.stringify(value) : String(value);
}

function sizeOf(value: number | string | Buffer): number {
  if (typeof value === 'number') return 4;
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

const sync = message('S', Buffer.alloc(0));
const executeAndSync = Buffer.concat([message('E', Buffer.alloc(5)), sync]);
