/**
 * Streams of rows on a connection that one caller holds: whom they keep waiting, and whom they let pass between two
 * batches.
 *
 * How rows are read is the business of row-reader.ts.
 */
import type {Readable} from 'node:stream';
import type {SQLQuery} from '@databases/sql';
import type {Connection, Step} from '../../connection';
import type {QueryNodeStreamOptions, QueryStreamOptions, RowStream} from '../api/queryable';
import type {Lock} from '../lock/lock';
import {StreamHold} from '../lock/stream-hold';
import type {Environment} from '../queries/environment';
import {planQuery} from '../queries/planned-query';
import {openReader} from '../streams/open-reader';
import {rowReadable} from '../streams/row-readable';
import type {RowReader} from '../streams/row-reader';
import {rowsOf} from '../streams/rows-of';
import {StreamShare} from '../streams/stream-share';
import type {SharingOwner} from '../streams/stream-share';
import type {LastEnd} from '../telemetry/last-ends';

/** The object that a stream is asked of. */
export interface StreamingOwner extends SharingOwner {
  /** Whether a portal outlives its exchange, so that others may use the connection between a stream's batches. */
  readonly sharesStreams: boolean;
  /** Has the server describe a statement, its types included. */
  learn(step: Step): Promise<void>;
  hearEndOf(error: Error | undefined): void;
}

// What a pool takes of them, so that this is all that a stream has loaded.
export {rowReadable, rowsOf};

export class SessionStreams {
  readonly #owner: StreamingOwner;
  readonly #environment: Environment;
  readonly #connection: Connection;
  readonly #lock: Lock;

  constructor(owner: StreamingOwner, environment: Environment, connection: Connection, lock: Lock) {
    this.#owner = owner;
    this.#environment = environment;
    this.#connection = connection;
    this.#lock = lock;
  }

  rows(query: SQLQuery, options: QueryStreamOptions): RowStream {
    const {batchSize, signal} = options;
    const hold = new StreamHold();
    return rowsOf(() => this.#reader(query, batchSize, signal !== undefined, hold), signal, hold);
  }

  readable(query: SQLQuery, options: QueryNodeStreamOptions): Readable {
    const rows = options.batchSize ?? options.highWaterMark;
    const hold = new StreamHold();
    return rowReadable(() => this.#reader(query, rows, false, hold), options.highWaterMark);
  }

  async #reader(
    query: SQLQuery,
    batchRows: number | undefined,
    cancellable: boolean,
    hold: StreamHold,
  ): Promise<RowReader> {
    let release = () => {
      hold.over = true;
    };
    try {
      this.#owner.assertUsable();
      await this.#lock.acquire(hold);
      release = () => {
        hold.over = true;
        this.#lock.release();
      };
      this.#owner.assertUsable();
      hold.text = this.#environment.catalog.planOf(query).only?.text ?? '';
      const share = new StreamShare(this.#connection, this.#lock, this.#owner, cancellable);
      const shared = this.#owner.sharesStreams ? share : undefined;
      return await this.#open(query, batchRows, release, 'lease', shared);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Reads a query's rows on a connection that is leased for them alone. */
  alone(query: SQLQuery, batchRows: number | undefined, release: () => void): Promise<RowReader> {
    return this.#open(query, batchRows, release, 'connection', undefined);
  }

  #open(
    query: SQLQuery,
    batchRows: number | undefined,
    release: () => void,
    until: LastEnd,
    share: StreamShare | undefined,
  ): Promise<RowReader> {
    return openReader({
      planned: planQuery(query, this.#environment),
      environment: this.#environment,
      connection: this.#connection,
      batchRows,
      until,
      prepare: (step) => this.#owner.learn(step),
      share,
      heard: (error) => this.#owner.hearEndOf(error),
      release,
    });
  }
}
