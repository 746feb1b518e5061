/**
 * `pg.Query`: one text with its values, and what became of it.
 *
 * A text without values is run with the simple protocol and may hold several statements; then there is an array of
 * results. Events: `row` (row, result), `error`, `end` (result or results).
 */
import {EventEmitter} from 'node:events';
import type {DatabaseErrorFields, RawConnection, TextReader} from '@databases/pg/raw';
import {DatabaseError, asPgError} from './database-error';
import {prepareValue} from './prepare-value';
import {Result} from './result';
import type {CustomTypesConfig} from './types';
import {refuseSubmit} from './work';
import type {Work} from './work';

export interface QueryConfig {
  text: string;
  values?: readonly unknown[] | undefined;
  /** The statement is prepared under it, once on each connection. */
  name?: string | undefined;
  rowMode?: string | undefined;
  types?: CustomTypesConfig | undefined;
  queryMode?: string | undefined;
  /** After that many milliseconds it is given up and cancelled. */
  query_timeout?: number | undefined;
}

/** Several statements in one text have several results. */
export type QueryResults = Result | Result[];

export class Query extends EventEmitter implements Work {
  readonly text: string;
  readonly name: string;
  readonly values: readonly unknown[] | undefined;
  callback: ((error: Error | null, results?: QueryResults) => void) | undefined;
  readonly #config: QueryConfig;
  #result: Result;
  readonly #results: Result[] = [];
  #types: CustomTypesConfig | undefined;
  #parserError: Error | undefined;

  constructor(config: string | QueryConfig, values?: readonly unknown[]) {
    super();
    this.#config = typeof config === 'string' ? {text: config} : config;
    this.text = this.#config.text;
    this.name = this.#config.name ?? '';
    this.values = values ?? this.#config.values;
    this.#types = this.#config.types;
    this.#result = new Result(this.#config.rowMode, this.#types);
  }

  start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void {
    this.#types ??= types;
    this.#result.types = this.#types;
    const reader = this.#reader(done);
    try {
      this.#check(connection);
      const values = this.values ?? [];
      if (values.length === 0 && this.name === '' && this.#config.queryMode !== 'extended') {
        connection.runScript(this.text, reader);
        return;
      }
      const parameters = values.map(prepareValue);
      const {text, name} = this;
      connection.runStatement(
        {text: text ?? connection.namedStatements.get(name) ?? '', name, parameters, rowLimit: 0},
        reader,
      );
    } catch (error) {
      // In this order pg tells it, too: the next query is not sent before the program knows.
      this.fail(asPgError(error));
      process.nextTick(done);
    }
  }

  fail(error: Error): void {
    if (this.callback !== undefined) this.callback(error);
    else this.emit('error', error);
  }

  submit(): void {
    refuseSubmit();
  }

  #check(connection: RawConnection): void {
    const {text, name, values} = this;
    if (typeof text !== 'string' && name === '') {
      throw new Error('A query must have either text or a name. Supplying neither is unsupported.');
    }
    const named = name === '' ? undefined : connection.namedStatements.get(name);
    if (named !== undefined && text && named !== text) {
      throw new Error(
        `Prepared statements must be unique - '${name}' was used for a different statement`,
      );
    }
    if (values !== undefined && !Array.isArray(values)) {
      throw new Error('Query values must be an array');
    }
  }

  #reader(done: () => void): TextReader {
    return {
      columns: (columns) => {
        this.#beginResult();
        try {
          this.#result.addColumns(columns);
        } catch (error) {
          this.#parserError ??= asPgError(error);
        }
      },
      row: (values) => this.#readRow(values),
      complete: (tag) => {
        this.#beginResult();
        this.#result.addCommandTag(tag);
      },
      suspended: () => undefined,
      ended: (fields) => {
        this.#finish(fields);
        done();
      },
      lost: (error) => {
        this.fail(asPgError(error));
        done();
      },
    };
  }

  /** The next statement of the text has a result of its own. */
  #beginResult(): void {
    if (this.#result.command === null) return;
    this.#results.push(this.#result);
    this.#result = new Result(this.#config.rowMode, this.#types);
  }

  // It is called for each row from where the bytes come in, so nothing may be thrown here.
  #readRow(values: readonly (string | null)[]): void {
    if (this.#parserError !== undefined) return;
    try {
      const row = this.#result.parseRow(values);
      const isListened = this.listenerCount('row') > 0;
      if (isListened) this.emit('row', row, this.#result);
      if (!isListened || this.callback !== undefined) this.#result.addRow(row);
    } catch (error) {
      this.#parserError = asPgError(error);
    }
  }

  #finish(fields: DatabaseErrorFields | undefined): void {
    const error =
      this.#parserError ?? (fields === undefined ? undefined : new DatabaseError(fields));
    if (error !== undefined) return this.fail(error);
    const results = this.#results.length === 0 ? this.#result : [...this.#results, this.#result];
    try {
      this.callback?.(null, results);
      this.emit('end', results);
    } catch (thrown) {
      // The program's own, which must not end the connection.
      process.nextTick(() => {
        throw thrown;
      });
    }
  }
}
