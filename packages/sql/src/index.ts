/*
 * `@databases/sql`: the tag, with `sql.file`.
 *
 * The module is the tag itself, with every export hanging on it: `require` gives the tag, index.mts gives
 * the same one to `import`. Nothing reachable from here imports a Node module.
 */
import {createFileReader, type SQLWithFile} from './file';
import {type FormatConfig, type FormattedQuery, pgFormat} from './format';
import {escapeIdentifier} from './identifier';
import {type SQLItem, SQLItemType} from './sql-item';
import {isSqlQuery, type SQLQuery} from './sql-query';
import {fromTemplate, members, rawValue} from './tag';

function tag(strings: TemplateStringsArray, ...values: unknown[]): SQLQuery {
  return fromTemplate(strings, values);
}

const sql: SQLWithFile = Object.assign(tag, members, {file: createFileReader(rawValue)});
Object.assign(tag, {default: sql, sql, SQLItemType, escapeIdentifier, pgFormat});

// A namespace on a function may re-export symbols, and only so can the declaration files of programs
// name the types: aliases of them would make `export const find = () => sql`...`` an error (TS2883).
declare namespace tag {
  export const join: SQLWithFile['join'];
  export const ident: SQLWithFile['ident'];
  export const value: SQLWithFile['value'];
  export const registerFormatter: SQLWithFile['registerFormatter'];
  export const __dangerous__rawValue: SQLWithFile['__dangerous__rawValue'];
  export const __dangerous__constructFromParts: SQLWithFile['__dangerous__constructFromParts'];
  export const file: SQLWithFile['file'];
  export {sql, tag as default, isSqlQuery, SQLItemType, escapeIdentifier, pgFormat};
  export type {SQLWithFile as SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery};
}

export = tag;
