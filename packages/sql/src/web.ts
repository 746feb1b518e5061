/*
 * `@databases/sql/web`: the tag without `sql.file`.
 *
 * Like index.ts, the module is the tag itself, with every export hanging on it: `require` gives the tag,
 * web.mts gives the same one to `import`.
 */
import * as format from './format';
import {escapeIdentifier} from './identifier';
import {SQLItemType as ItemType, type SQLItem as Item} from './sql-item';
import {isSqlQuery, type SQLQuery as Query} from './sql-query';
import {createTag, type SQL as Tag} from './tag';

const sql: Tag = createTag();

const api = Object.assign(sql, {
  default: sql,
  sql,
  isSqlQuery,
  SQLItemType: ItemType,
  escapeIdentifier,
  pgFormat: format.pgFormat,
});

declare namespace api {
  export type SQL = Tag;
  export type SQLQuery = Query;
  export type SQLItem = Item;
  export type SQLItemType = ItemType;
  export type FormatConfig = format.FormatConfig;
  export type FormattedQuery = format.FormattedQuery;
}

export = api;
