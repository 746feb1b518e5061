/*
 * `@databases/sql`: the tag, with `sql.file`.
 *
 * The module is the tag itself, with every export hanging on it: `require` gives the tag, index.mts gives
 * the same one to `import`. Nothing reachable from here imports a Node module.
 */
import {createFileReader, type SQLWithFile} from './file';
import * as format from './format';
import {escapeIdentifier} from './identifier';
import {SQLItemType as ItemType, type SQLItem as Item} from './sql-item';
import {isSqlQuery, type SQLQuery as Query} from './sql-query';
import {createTag, rawValue} from './tag';

const sql: SQLWithFile = Object.assign(createTag(), {file: createFileReader(rawValue)});

const api = Object.assign(sql, {
  default: sql,
  sql,
  isSqlQuery,
  SQLItemType: ItemType,
  escapeIdentifier,
  pgFormat: format.pgFormat,
});

declare namespace api {
  export type SQL = SQLWithFile;
  export type SQLQuery = Query;
  export type SQLItem = Item;
  export type SQLItemType = ItemType;
  export type FormatConfig = format.FormatConfig;
  export type FormattedQuery = format.FormattedQuery;
}

export = api;
