/**
 * `@databases/pg-compat`: the interface of node-postgres over @databases/pg, for libraries that expect `pg`. Programs
 * of one's own are better off with @databases/pg itself.
 *
 * `pg.default` is the same object again, for compilers that look for a default of CommonJS modules.
 */
import {Client} from './client';
import {Cursor} from './cursor';
import {DatabaseError} from './database-error';
import {defaults} from './defaults';
import {escapeIdentifier, escapeLiteral} from './escape';
import {Pool} from './pool';
import {prepareValue} from './prepare-value';
import {Query} from './query';
import {QueryStream} from './query-stream';
import {Result} from './result';
import {TypeOverrides} from './type-overrides';
import * as types from './types';

const pg = {
  Client,
  Cursor,
  DatabaseError,
  Pool,
  Query,
  QueryStream,
  Result,
  TypeOverrides,
  defaults,
  escapeIdentifier,
  escapeLiteral,
  types,
};

export default pg;
export {
  Client,
  Cursor,
  DatabaseError,
  Pool,
  Query,
  QueryStream,
  Result,
  TypeOverrides,
  defaults,
  escapeIdentifier,
  escapeLiteral,
  prepareValue,
  types,
};
export type {ClientConfig, PoolConfig} from './config';
export type {CursorQueryConfig} from './cursor';
export type {PoolClient} from './pool';
export type {QueryConfig} from './query';
export type {QueryStreamConfig} from './query-stream';
export type {Field as FieldDef, Result as QueryResult, ResultRow as QueryResultRow} from './result';
export type {CustomTypesConfig} from './types';
export type {Work as Submittable} from './work';
