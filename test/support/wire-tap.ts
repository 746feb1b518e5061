/**
 * A TCP proxy in front of a server that notes what clients send, for tests that count.
 *
 * It changes nothing on the way. Messages are told apart by their frames only; answers are not looked at,
 * but that one came ends a flight: what was sent between two answers is one flight, one network round
 * trip. TLS is not taken apart.
 */
import {connect, createServer} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';
import {tieSockets} from './tie-sockets';

export interface WireTap {
  /** The connection string of the server, with the proxy's port in it. */
  readonly url: string;
  /** How many connections sent a startup message; requests to cancel are not counted. */
  readonly sessions: number;
  readonly cancelRequests: number;
  /** The tags of the messages of each flight since `clear`, for example `PDBES`; session start is left out. */
  readonly flights: readonly string[];
  /** How many chunks of bytes came from clients since `clear`. */
  readonly chunks: number;
  clear(): void;
  close(): Promise<void>;
}

export async function openWireTap(serverUrl: string): Promise<WireTap> {
  const target = new URL(serverUrl);
  const log: Log = {flights: [], chunks: 0, sessions: 0, cancelRequests: 0};
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const reader = new ClientBytes(log);
    tieSockets(client, server, sockets);
    client.on('data', (bytes) => reader.receive(bytes));
    server.on('data', () => reader.answered());
    client.pipe(server);
    server.pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.port = String(portOf(proxy.address()));
  return {
    url: url.href,
    get sessions() {
      return log.sessions;
    },
    get cancelRequests() {
      return log.cancelRequests;
    },
    get flights() {
      return log.flights;
    },
    get chunks() {
      return log.chunks;
    },
    clear() {
      log.flights = [];
      log.chunks = 0;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}

interface Log {
  flights: string[];
  chunks: number;
  sessions: number;
  cancelRequests: number;
}

// The codes of the packets that start a connection have no tag; see pqcomm.h of Postgres.
const CANCEL_REQUEST_CODE = 80877102;
const PROTOCOL_3 = 3 << 16;

class ClientBytes {
  readonly #log: Log;
  #pending: Buffer = Buffer.alloc(0);
  #started = false;
  #inFlight = false;

  constructor(log: Log) {
    this.#log = log;
  }

  receive(bytes: Buffer): void {
    this.#log.chunks++;
    this.#pending = Buffer.concat([this.#pending, bytes]);
    for (let tag = this.#next(); tag !== undefined; tag = this.#next()) {
      // A password message ("p") belongs to the session's start.
      if (tag !== '' && tag !== 'p') this.#sent(tag);
    }
  }

  answered(): void {
    this.#inFlight = false;
  }

  #sent(tag: string): void {
    const {flights} = this.#log;
    if (this.#inFlight && flights.length > 0) flights[flights.length - 1] += tag;
    else flights.push(tag);
    this.#inFlight = true;
  }

  /** The tag of the next whole message, '' for one that has none. */
  #next(): string | undefined {
    const pending = this.#pending;
    const lengthAt = this.#started ? 1 : 0;
    if (pending.length < lengthAt + 4) return undefined;
    const end = lengthAt + pending.readInt32BE(lengthAt);
    if (pending.length < end) return undefined;
    this.#pending = pending.subarray(end);
    if (this.#started) return String.fromCharCode(pending[0] ?? 0);
    const code = pending.readInt32BE(4);
    if (code === CANCEL_REQUEST_CODE) this.#log.cancelRequests++;
    if (code >>> 16 === PROTOCOL_3 >>> 16) {
      this.#started = true;
      this.#log.sessions++;
    }
    return '';
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}
