/** `pg-query-stream`: the rows of one statement as a Readable. `client.query(stream)` gives it to a client. */
import {Readable} from 'node:stream';
import type {RawConnection} from '@databases/pg/raw';
import {Cursor} from './cursor';
import type {CursorQueryConfig} from './cursor';
import type {CustomTypesConfig} from './types';
import {refuseSubmit} from './work';
import type {Work} from './work';

export interface QueryStreamConfig extends CursorQueryConfig {
  /** Rows that are asked for at a time. Default: `highWaterMark`. */
  batchSize?: number | undefined;
  /** Default: 100. */
  highWaterMark?: number | undefined;
}

export class QueryStream extends Readable implements Work {
  readonly cursor: Cursor;
  readonly #batchSize: number;

  constructor(text: string, values?: readonly unknown[], config: QueryStreamConfig = {}) {
    const {highWaterMark = 100, batchSize = highWaterMark} = config;
    super({objectMode: true, autoDestroy: true, highWaterMark: batchSize});
    this.cursor = new Cursor(text, values, config);
    this.#batchSize = batchSize;
  }

  get text(): string {
    return this.cursor.text;
  }

  start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void {
    this.cursor.start(connection, types, done);
  }

  fail(error: Error): void {
    this.cursor.fail(error);
    this.destroy(error);
  }

  submit(): void {
    refuseSubmit();
  }

  override _read(size: number): void {
    this.cursor.read(Math.max(size, this.#batchSize), (error, rows) => {
      if (this.destroyed) return;
      if (error !== undefined) {
        this.destroy(error);
        return;
      }
      for (const row of rows) this.push(row);
      if (rows.length < 1) this.push(null);
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.cursor.close(() => callback(error));
  }
}
