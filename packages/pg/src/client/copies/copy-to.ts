/**
 * COPY TO STDOUT as a Readable of bytes.
 *
 * The server sends a message per row; what arrives together is given on together. While the consumer does not read,
 * nothing is read from the socket, so the server waits. An end before its time cancels the copy, except in a
 * transaction, which that would fail: there the rest is read past.
 */
import {Readable} from 'node:stream';
import type {SQLQuery} from '@databases/sql';
import {CopyOut} from '../../connection';
import type {Connection} from '../../connection';
import type {CopyStatement} from '../../copy';
import {asError} from '../../errors';
import {streamChannel, traced} from '../../tracing';
import {reasonOf} from '../callers/abortable';
import {failWithCallerStack} from '../callers/caller-stack';
import type {Environment} from '../queries/environment';
import {streamTrace} from '../queries/traced-query';
import {notify} from '../telemetry/query-handlers';
import {cancelExchange} from './cancel-exchange';

const CHUNK_BYTES = 65_536;
/** With less room than this a new chunk is begun. */
const LEAST_ROOM_BYTES = 4096;

/** What the stream is told. */
export interface CopyStreamEvents {
  /** The bytes are only lent. */
  data(bytes: Buffer): void;
  /** The connection is free again. */
  ended(error: Error | undefined): void;
}

export interface CopyToParts {
  readonly query: SQLQuery;
  readonly statement: CopyStatement;
  readonly connection: Connection;
  readonly environment: Environment;
  readonly events: CopyStreamEvents;
  /** The server is through with it. */
  readonly ended: (error: Error | undefined) => void;
  /** The connection is free for somebody else. */
  readonly release: () => void;
}

/** A copy under way. */
export interface OpenCopy {
  pause(): void;
  resume(): void;
  /** Nobody wants the rest. `cancel`: also where that fails a transaction. */
  close(cancel: boolean): void;
}

export function openCopyTo(parts: CopyToParts): OpenCopy | Promise<OpenCopy> {
  return streamChannel.hasSubscribers ? openTraced(parts) : start(parts);
}

/** The trace lasts for as long as the data is read. A copy that nobody wants the rest of has not failed. */
function openTraced(parts: CopyToParts): Promise<OpenCopy> {
  const {statement, connection, events} = parts;
  const trace = streamTrace(connection.usedHost().trace, 'copyTo', statement.text, []);
  return new Promise((resolve, reject) => {
    const copyUntilEnd = () =>
      new Promise<void>((resolveEnd, rejectEnd) => {
        let unwanted = false;
        const copy = start({
          ...parts,
          events: {
            data: (bytes) => events.data(bytes),
            ended: (error) => {
              events.ended(error);
              if (error === undefined || unwanted) resolveEnd();
              else rejectEnd(error);
            },
          },
        });
        const close = (cancel: boolean) => {
          unwanted = true;
          copy.close(cancel);
        };
        resolve({...copy, close});
      });
    traced(streamChannel, trace, copyUntilEnd).catch(reject);
  });
}

function start(parts: CopyToParts): OpenCopy {
  const {query, statement, connection, environment, events} = parts;
  const {handlers} = environment;
  const formatted = {text: statement.text, values: []};
  const free = async (error: Error | undefined) => {
    // A cancel request still on its way could hit whoever uses the connection next.
    await connection.cancelUnderWay;
    parts.release();
    events.ended(error);
  };
  const told = (error: Error) => {
    environment.failures.record(error, statement.text);
    try {
      notify('onQueryError', handlers.onQueryError, query, formatted, error);
      return error;
    } catch (thrown) {
      return asError(thrown);
    }
  };
  let over = false;
  const copy = new CopyOut(statement.text, {
    data: (bytes) => events.data(bytes),
    ended: (outcome) => {
      over = true;
      connection.resume();
      const error = outcome instanceof Error ? outcome : undefined;
      parts.ended(error);
      void free(error && told(error));
    },
  });
  try {
    notify('onQueryStart', handlers.onQueryStart, query, formatted);
  } catch (error) {
    parts.release();
    throw error;
  }
  connection.lastText = statement.text;
  connection.lastTextAt = performance.now();
  connection.send(copy);
  return {
    pause: () => {
      // The connection may be somebody else's while the last of the data still waits here.
      if (!over) connection.pause();
    },
    resume: () => {
      if (!over) connection.resume();
    },
    close: (cancel) => {
      if (over) return;
      copy.discard();
      connection.resume();
      if (cancel || connection.session.transactionStatus === 'idle') {
        cancelExchange(connection, copy);
      }
    },
  };
}

/** Opens the copy when the stream is first read from; destroying the stream closes it. */
export function copyReadable(
  open: (events: CopyStreamEvents) => Promise<OpenCopy>,
  signal: AbortSignal | undefined,
): Readable {
  return new CopyReadable(open, signal);
}

class CopyReadable extends Readable implements CopyStreamEvents {
  readonly #openCopy: (events: CopyStreamEvents) => Promise<OpenCopy>;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => void this.destroy(reasonOf(this.#signal));
  #opening: Promise<OpenCopy> | undefined;
  #copy: OpenCopy | undefined;
  #phase: 'flowing' | 'paused' | 'ended' = 'flowing';
  #whenEnded: (() => void) | undefined;
  #chunk: Buffer = Buffer.alloc(0);
  #from = 0;
  #to = 0;

  constructor(
    open: (events: CopyStreamEvents) => Promise<OpenCopy>,
    signal: AbortSignal | undefined,
  ) {
    super({highWaterMark: CHUNK_BYTES});
    this.#openCopy = open;
    this.#signal = signal;
  }

  override _read(): void {
    if (this.#opening === undefined) {
      this.#start();
    } else if (this.#phase === 'paused') {
      this.#phase = 'flowing';
      this.#copy?.resume();
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    const finish = () => done(error);
    if (this.#opening === undefined || this.#phase === 'ended') {
      finish();
      return;
    }
    this.#opening.then((copy) => {
      if (this.#phase === 'ended') return finish();
      this.#whenEnded = finish;
      copy.close(this.#signal?.aborted === true);
    }, finish);
  }

  // From the copy.
  data(bytes: Buffer): void {
    if (this.#from === this.#to) queueMicrotask(() => this.#give());
    if (bytes.length > this.#chunk.length - this.#to) {
      this.#give();
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes.length));
      this.#from = 0;
      this.#to = 0;
    }
    this.#to += bytes.copy(this.#chunk, this.#to);
  }

  // From the copy.
  ended(error: Error | undefined): void {
    this.#phase = 'ended';
    this.#signal?.removeEventListener('abort', this.#abort);
    if (this.#whenEnded !== undefined) this.#whenEnded();
    else if (error !== undefined)
      failWithCallerStack(error).catch((told: Error) => this.destroy(told));
    else {
      this.#give();
      this.push(null);
    }
  }

  #start(): void {
    const signal = this.#signal;
    if (signal?.aborted === true) {
      this.destroy(reasonOf(signal));
      return;
    }
    signal?.addEventListener('abort', this.#abort, {once: true});
    this.#opening = this.#openCopy(this);
    this.#opening.then(
      (copy) => (this.#copy = copy),
      (error: Error) => this.destroy(error),
    );
  }

  /** Passes on what is there; what is written behind it is another part of the same memory. */
  #give(): void {
    if (this.#from === this.#to || this.destroyed) return;
    const bytes = this.#chunk.subarray(this.#from, this.#to);
    this.#from = this.#to;
    if (this.#chunk.length - this.#to < LEAST_ROOM_BYTES)
      this.#to = this.#from = this.#chunk.length;
    if (!this.push(bytes) && this.#phase === 'flowing') {
      this.#phase = 'paused';
      this.#copy?.pause();
    }
  }
}
