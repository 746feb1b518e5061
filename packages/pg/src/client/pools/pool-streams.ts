/**
 * What goes through a connection of the pool that it has to itself: the rows of a query as a stream, and the data of a
 * COPY in either direction. The connection is the pool's again when the stream has ended, however that came.
 */
import type {Readable} from 'node:stream';
import type {SQLQuery} from '@databases/sql';
import type {AcquirePurpose} from '../../tracing';
import type {
  CopyOptions,
  QueryNodeStreamOptions,
  QueryStreamOptions,
  RowStream,
} from '../api/queryable';
import {runInside} from '../callers/context';
import type {CopySource} from '../copies/copy-source';
import type {Environment} from '../queries/environment';
import type {RowReader} from '../streams/row-reader';
import {copying, streaming} from '../sessions/loaded-later';
import type {TypeParsers} from '../values/type-parsers';
import {ConnectionClient} from './connection-client';
import type {PoolQueries} from './pool-queries';

export class PoolStreams {
  readonly #environment: Environment;
  readonly #queries: PoolQueries;
  readonly #typeParsers: TypeParsers;
  readonly #assertUsable: () => void;

  constructor(
    environment: Environment,
    queries: PoolQueries,
    typeParsers: TypeParsers,
    assertUsable: () => void,
  ) {
    this.#environment = environment;
    this.#queries = queries;
    this.#typeParsers = typeParsers;
    this.#assertUsable = assertUsable;
  }

  queryStream(query: SQLQuery, options: QueryStreamOptions = {}): RowStream {
    const {rowsOf} = streaming();
    return rowsOf(() => this.#reader(query, options.batchSize, options.signal), options.signal);
  }

  queryNodeStream(query: SQLQuery, options: QueryNodeStreamOptions = {}): Readable {
    const rows = options.batchSize ?? options.highWaterMark;
    const {rowReadable} = streaming();
    return rowReadable(() => this.#reader(query, rows, undefined), options.highWaterMark);
  }

  async copyFrom(query: SQLQuery, source: CopySource, options: CopyOptions = {}): Promise<number> {
    this.#assertUsable();
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    const {SourceReader, copyStatementOf} = copying();
    const statement = copyStatementOf(query, this.#environment, 'from');
    const copy = {query, statement, source: new SourceReader(source)};
    options.signal?.throwIfAborted();
    const held = await this.#queries.hold('copy', options.signal);
    const client = new ConnectionClient(this.#environment, held.connection);
    return runInside(held.owner, () =>
      client.copies.fromAlone(copy, options.signal, () => void held.release()),
    );
  }

  copyTo(query: SQLQuery, options: CopyOptions = {}): Readable {
    const {copyReadable, copyStatementOf} = copying();
    const statement = copyStatementOf(query, this.#environment, 'to');
    return copyReadable(async (events) => {
      this.#assertUsable();
      const {held, client} = await this.hold('copy', options.signal);
      return client.copies.toAlone({query, statement, events}, () => void held.release());
    }, options.signal);
  }

  /** A connection for one caller, once the program's types are known. A task, of which there are many, does it itself. */
  async hold(label: AcquirePurpose, signal: AbortSignal | undefined) {
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    const held = await this.#queries.hold(label, signal);
    return {held, client: new ConnectionClient(this.#environment, held.connection)};
  }

  async #reader(
    query: SQLQuery,
    batchRows: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<RowReader> {
    this.#assertUsable();
    const {held, client} = await this.hold('stream', signal);
    try {
      return await client.streams.alone(query, batchRows, () => void held.release());
    } catch (error) {
      await held.release();
      throw error;
    }
  }
}
