/*
 * `@databases/sql/web`: the tag without `sql.file`. Made like index.ts, which says why it is as it is.
 */
import {type FormatConfig, type FormattedQuery, pgFormat} from './format';
import {escapeIdentifier} from './identifier';
import {type SQLItem, SQLItemType} from './sql-item';
import {isSqlQuery, type SQLQuery} from './sql-query';
import {fromTemplate, members, type SQL} from './tag';

function tag(strings: TemplateStringsArray, ...values: unknown[]): SQLQuery {
  return fromTemplate(strings, values);
}

const sql: SQL = Object.assign(tag, members);
Object.assign(tag, {default: sql, sql, SQLItemType, escapeIdentifier, pgFormat});

declare namespace tag {
  export const join: SQL['join'];
  export const ident: SQL['ident'];
  export const value: SQL['value'];
  export const registerFormatter: SQL['registerFormatter'];
  export const __dangerous__rawValue: SQL['__dangerous__rawValue'];
  export const __dangerous__constructFromParts: SQL['__dangerous__constructFromParts'];
  export {sql, tag as default, isSqlQuery, SQLItemType, escapeIdentifier, pgFormat};
  export type {SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery};
}

export = tag;
