/**
 * One connection with the simple query protocol and values as text: what the server says, with nothing of ours between
 * that could refuse, change or read it in another way. For servers that trust everybody.
 *
 * Statements run one after the other; none rejects because the server refused it.
 */
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {frame} from './frames';

export interface Answer {
  /** One text for each row, and for each line that COPY sent. */
  readonly rows: readonly string[];
  /** Undefined: it succeeded. */
  readonly sqlState: string | undefined;
  readonly message: string;
  /** I: idle, T: in a transaction, E: in one that has failed. */
  readonly status: string;
}

interface Pending {
  readonly rows: string[];
  sqlState: string | undefined;
  message: string;
  readonly copyData: () => string;
  readonly resolve: (answer: Answer) => void;
}

const PROTOCOL_3 = 0x0003_0000;
/** connection_exception: what all statements get when there is no server any more. */
const CONNECTION_LOST = '08006';

export class PlainSession {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #pending: Pending | undefined;
  #isLost = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => this.#lost());
    socket.on('close', () => this.#lost());
  }

  static async open(url: string): Promise<PlainSession> {
    const {hostname, port, username, pathname} = new URL(url);
    const session = new PlainSession(connect(Number(port), hostname));
    const parameters = ['user', username, 'database', pathname.slice(1), 'client_encoding', 'UTF8'];
    const body = Buffer.from(`${parameters.join('\0')}\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(body.length + 8, 0);
    head.writeInt32BE(PROTOCOL_3, 4);
    const answer = await session.#send(Buffer.concat([head, body]), nothing);
    if (answer.sqlState !== undefined) throw new Error(answer.message);
    return session;
  }

  /** @param copyData What COPY FROM STDIN in it is given. */
  run(text: string, copyData = nothing): Promise<Answer> {
    return this.#send(frame('Q', `${text}\0`), copyData);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  close(): void {
    this.#socket.end(frame('X', ''));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #send(bytes: Buffer, copyData: () => string): Promise<Answer> {
    return new Promise((resolve) => {
      this.#pending = {rows: [], sqlState: undefined, message: '', copyData, resolve};
      if (this.#isLost) this.#lost();
      else this.#socket.write(bytes);
    });
  }

  #lost(): void {
    this.#isLost = true;
    this.#settle('I', CONNECTION_LOST);
  }

  #settle(status: string, sqlState?: string): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    const {rows, message: said, resolve} = pending;
    resolve({rows, sqlState: pending.sqlState ?? sqlState, message: said, status});
  }

  #receive(chunk: Buffer): void {
    const all = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let at = 0;
    while (all.length - at >= 5) {
      const end = at + 1 + all.readInt32BE(at + 1);
      if (all.length < end) break;
      this.#hear(all.toString('latin1', at, at + 1), all.subarray(at + 5, end));
      at = end;
    }
    this.#received = all.subarray(at);
  }

  #hear(type: string, body: Buffer): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    // DataRow and CopyData: compared as they came, so as text of their bytes.
    if (type === 'D' || type === 'd') pending.rows.push(body.toString('latin1'));
    else if (type === 'E') {
      pending.sqlState ??= fieldOf(body, 'C');
      pending.message = fieldOf(body, 'M');
    } else if (type === 'G') {
      this.#socket.write(Buffer.concat([frame('d', pending.copyData()), frame('c', '')]));
    } else if (type === 'Z') this.#settle(body.toString('latin1'));
  }
}

function nothing(): string {
  return '';
}

function fieldOf(body: Buffer, code: string): string {
  const field = body
    .toString()
    .split('\0')
    .find((each) => each.startsWith(code));
  return field?.slice(1) ?? '';
}
