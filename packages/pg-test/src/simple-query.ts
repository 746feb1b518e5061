/**
 * The least of a client: the simple query protocol over the server's own socket, for CREATE
 * DATABASE, pg_backup_start and the like. The administrator is trusted there, so it knows no
 * passwords and no TLS. Not for users: values come back as text only.
 */
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {ADMINISTRATOR} from './configuration';
import {PgTestError} from './error';

export type Address = {path: string} | {host: string; port: number};
export type Row = (string | null)[];

interface Pending {
  rows: Row[];
  failure: PgTestError | undefined;
  resolve: (rows: Row[]) => void;
  reject: (error: Error) => void;
}

/** One connection; queries run one after the other. */
export class AdminSession {
  readonly #socket: Socket;
  readonly #queue: Pending[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  #closed: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async open(address: Address, database = 'postgres'): Promise<AdminSession> {
    const socket = 'path' in address ? connect(address.path) : connect(address.port, address.host);
    const session = new AdminSession(socket);
    const parameters = [
      'user',
      ADMINISTRATOR,
      'database',
      database,
      'client_encoding',
      'UTF8',
      '',
      '',
    ];
    const body = Buffer.from(parameters.join('\0'), 'utf8');
    const head = Buffer.alloc(8);
    head.writeInt32BE(body.length + 8, 0);
    head.writeInt32BE(0x0003_0000, 4); // protocol 3.0
    try {
      await session.#send(Buffer.concat([head, body]));
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Rows of every statement in the text, in order. Rejects with `PG_TEST_QUERY_FAILED`. */
  query(text: string): Promise<Row[]> {
    const body = Buffer.from(`${text}\0`, 'utf8');
    const head = Buffer.alloc(5);
    head.write('Q', 0, 'latin1');
    head.writeInt32BE(body.length + 4, 1);
    return this.#send(Buffer.concat([head, body]));
  }

  close(): void {
    this.#closed ??= new Error('the session was closed');
    if (this.#socket.writable) this.#socket.end(Buffer.from([0x58, 0, 0, 0, 4])); // Terminate
    else this.#socket.destroy();
  }

  #send(message: Buffer): Promise<Row[]> {
    if (this.#closed) return Promise.reject(queryFailure(this.#closed.message, this.#closed));
    return new Promise((resolve, reject) => {
      this.#queue.push({rows: [], failure: undefined, resolve, reject});
      this.#socket.write(message);
    });
  }

  #fail(error: Error): void {
    this.#closed ??= error;
    for (const pending of this.#queue.splice(0)) {
      pending.reject(pending.failure ?? queryFailure(error.message, error));
    }
  }

  #receive(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    while (this.#buffer.length >= 5) {
      const end = this.#buffer.readInt32BE(1) + 1;
      if (this.#buffer.length < end) return;
      this.#message(String.fromCharCode(this.#buffer.readUInt8(0)), this.#buffer.subarray(5, end));
      this.#buffer = this.#buffer.subarray(end);
    }
  }

  #message(type: string, body: Buffer): void {
    const pending = this.#queue[0];
    if (!pending) return;
    if (type === 'D') pending.rows.push(readDataRow(body));
    else if (type === 'E') pending.failure = readError(body);
    else if (type === 'R' && body.readInt32BE(0) !== 0) {
      this.#fail(new Error('the server asks the administrator for a password'));
      this.#socket.destroy();
    } else if (type === 'Z') {
      this.#queue.shift();
      if (pending.failure) pending.reject(pending.failure);
      else pending.resolve(pending.rows);
    }
  }
}

/** Opens a session, runs one thing, closes it. */
export async function withSession<T>(
  address: Address,
  action: (session: AdminSession) => Promise<T>,
  database?: string,
): Promise<T> {
  const session = await AdminSession.open(address, database);
  try {
    return await action(session);
  } finally {
    session.close();
  }
}

function readDataRow(body: Buffer): Row {
  const row: Row = [];
  let offset = 2;
  for (let remaining = body.readUInt16BE(0); remaining > 0; remaining--) {
    const length = body.readInt32BE(offset);
    offset += 4;
    row.push(length === -1 ? null : body.toString('utf8', offset, offset + length));
    if (length > 0) offset += length;
  }
  return row;
}

function readError(body: Buffer): PgTestError {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)] as const),
  );
  return queryFailure(`${fields.get('M') ?? 'unknown error'} (SQLSTATE ${fields.get('C') ?? '?'})`);
}

function queryFailure(reason: string, cause?: unknown): PgTestError {
  return new PgTestError('PG_TEST_QUERY_FAILED', `A command to the test server failed: ${reason}`, {
    cause,
  });
}

/** An SQL identifier, quoted. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string, right whatever standard_conforming_strings says. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}
