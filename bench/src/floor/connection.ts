/**
 * The least that a client on Node's sockets has to do: one socket, one write per exchange, rows out of the bytes.
 *
 * It is no client to use: no pool, no deadline, an error of the server ends it, and it knows the handful of types that
 * the bench asks for and the one way to log in that its servers have. TLS is secured-socket.ts, passwords are scram.ts.
 * What it needs is what a socket of Node's, the kernel and the server need, so a goal beyond it cannot be reached by
 * writing a better client. Exchanges are answered in the order they were sent.
 */
import {once} from 'node:events';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {readColumns, readRow} from './rows';
import type {Column, Row} from './rows';
import {FloorLogin} from './scram';
import {openSecured} from './secured-socket';

const readBufferBytes = 65_536;
const headerBytes = 5;

// One for all: what is not a whole message at the end of a read is copied out of it.
const readBuffer = Buffer.allocUnsafe(readBufferBytes);

interface Exchange {
  columns: readonly Column[];
  parameterTypes: readonly number[];
  readonly rows: Row[];
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: Error) => void;
}

type Read = (bytes: Buffer) => void;

export class FloorConnection {
  readonly #socket: Socket;
  readonly #exchanges: Exchange[] = [];
  #login: FloorLogin | undefined;
  // A message of which not all has come: room for the whole one, and how much of it is there.
  #partial: Buffer | undefined;
  #partialBytes = 0;

  /** @param certificateAuthority PEM; with it: over TLS, and only to a server whose certificate is from there. */
  static async open(url: string, certificateAuthority?: string): Promise<FloorConnection> {
    const {hostname, port, username, password, pathname} = new URL(url);
    let certificate: Buffer | undefined;
    let connection: FloorConnection;
    if (certificateAuthority === undefined) {
      connection = new FloorConnection((read) => openPlain(hostname, Number(port), read));
      await once(connection.#socket, 'connect');
    } else {
      const secured = await openSecured(hostname, Number(port), certificateAuthority);
      certificate = secured.getPeerX509Certificate()?.raw;
      connection = new FloorConnection((read) => secured.on('data', read));
    }
    if (password !== '')
      connection.#login = new FloorLogin(decodeURIComponent(password), certificate);
    const parameters = `user\0${username}\0database\0${pathname.slice(1)}\0client_encoding\0UTF8\0\0`;
    const startup = Buffer.alloc(8 + parameters.length);
    startup.writeInt32BE(startup.length, 0);
    startup.writeInt32BE(196_608, 4);
    startup.write(parameters, 8);
    await connection.exchange(startup);
    connection.#login = undefined;
    return connection;
  }

  private constructor(open: (read: Read) => Socket) {
    this.#socket = open((bytes) => {
      this.#read(bytes);
    });
    this.#socket.on('error', (error) => {
      this.#fail(error);
    });
  }

  /** Resolves when the server is ready again. `columns`: of the rows that will come. */
  exchange(request: Buffer, columns: readonly Column[] = []): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      this.#exchanges.push({columns, parameterTypes: [], rows: [], resolve, reject});
      this.#socket.write(request);
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.end(Buffer.from([0x58, 0, 0, 0, 4]));
    await closed;
  }

  #read(bytes: Buffer): void {
    let offset = this.#partial === undefined ? 0 : this.#complete(this.#partial, bytes);
    while (bytes.length - offset >= headerBytes) {
      const end = offset + 1 + bytes.readInt32BE(offset + 1);
      if (end > bytes.length) break;
      this.#take(bytes, offset, end, false);
      offset = end;
    }
    if (offset < bytes.length) this.#keep(bytes, offset);
  }

  #keep(bytes: Buffer, offset: number): void {
    const present = bytes.length - offset;
    // Cut within a header: the size comes with the next read.
    const size = present < headerBytes ? headerBytes : 1 + bytes.readInt32BE(offset + 1);
    this.#partial = Buffer.allocUnsafeSlow(size);
    this.#partialBytes = bytes.copy(this.#partial, 0, offset);
  }

  /** Gives where in `bytes` the next message begins. */
  #complete(partial: Buffer, bytes: Buffer): number {
    const taken = bytes.copy(partial, this.#partialBytes);
    this.#partialBytes += taken;
    if (this.#partialBytes < partial.length) return taken;
    const size = 1 + partial.readInt32BE(1);
    if (size > partial.length) {
      this.#partial = Buffer.allocUnsafeSlow(size);
      this.#partialBytes = partial.copy(this.#partial);
      return taken + this.#complete(this.#partial, bytes.subarray(taken));
    }
    this.#partial = undefined;
    this.#take(partial, 0, partial.length, true);
    return taken;
  }

  /** `own`: nobody writes into these bytes again. */
  #take(bytes: Buffer, start: number, end: number, own: boolean): void {
    const [exchange] = this.#exchanges;
    if (exchange === undefined) return; // what follows an error
    const body = start + headerBytes;
    switch (bytes[start]) {
      case 0x44: // DataRow
        exchange.rows.push(readRow(bytes, body, exchange.columns, own));
        break;
      case 0x5a: // ReadyForQuery
        this.#exchanges.shift();
        exchange.resolve(exchange);
        break;
      case 0x52: {
        // Authentication
        const answer = this.#login?.answer(bytes, body, end);
        if (answer !== undefined) this.#socket.write(answer);
        break;
      }
      case 0x54: // RowDescription
        exchange.columns = readColumns(bytes, body);
        break;
      case 0x74: // ParameterDescription
        exchange.parameterTypes = Array.from({length: bytes.readInt16BE(body)}, (_, index) =>
          bytes.readInt32BE(body + 2 + index * 4),
        );
        break;
      case 0x45: // ErrorResponse
        this.#fail(new Error(bytes.toString('utf8', body, end)));
        break;
      default:
    }
  }

  #fail(error: Error): void {
    this.#socket.destroy();
    for (const {reject} of this.#exchanges.splice(0)) reject(error);
  }
}

function openPlain(host: string, port: number, read: Read): Socket {
  return connect({
    host,
    port,
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (length, buffer) => {
        read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    },
  });
}
