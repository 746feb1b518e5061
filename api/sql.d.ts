// The public API of @databases/sql. Written by tools/generate-api.mjs (npm run api).

// dist/file.d.ts
import type { SQLQuery } from './sql-query';
import type { SQL } from './tag';
export interface SQLWithFile extends SQL {
    readonly file: (path: string) => SQLQuery;
}
interface FileSystem {
    readFileSync(path: string, encoding: 'utf8'): string;
}
type MakeQuery = (text: string) => SQLQuery;
export declare function createFileReader(makeQuery: MakeQuery, fileSystem?: () => FileSystem | undefined): (path: string) => SQLQuery;
export {};

// dist/format.d.ts
import { type IdentifierItem, type ValueItem } from './sql-item';
export interface FormatConfig {
    readonly escapeIdentifier: (name: string) => string;
    readonly formatValue: (value: unknown, index: number) => {
        readonly placeholder: string;
        readonly value: unknown;
    };
}
export interface FormattedQuery {
    readonly text: string;
    readonly values: readonly unknown[];
}
export declare const pgFormat: FormatConfig;
export type Slot = ValueItem | IdentifierItem;
export declare function formatSlots(texts: readonly string[], slots: readonly Slot[], config: FormatConfig): FormattedQuery;
export declare function isFormatConfig(argument: unknown): argument is FormatConfig;
export declare function formatArgumentError(argument: unknown): TypeError;

// dist/identifier.d.ts
export declare function escapeIdentifier(name: string): string;
export declare function checkIdentifier(name: string): void;
export declare class LocalNames {
    #private;
    nameOf(key: unknown): string;
}

// dist/index.d.mts
import api from './index.js';
export default api;
export declare const sql: api.SQL, isSqlQuery: typeof api.isSqlQuery, SQLItemType: typeof api.SQLItemType, escapeIdentifier: typeof api.escapeIdentifier, pgFormat: api.FormatConfig;
export type SQLItemType = api.SQLItemType;
export type { SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery } from './index.js';

// dist/index.d.ts
import { type SQLWithFile } from './file';
import { type FormatConfig, type FormattedQuery, pgFormat } from './format';
import { escapeIdentifier } from './identifier';
import { type SQLItem, SQLItemType } from './sql-item';
import { isSqlQuery, type SQLQuery } from './sql-query';
declare function tag(strings: TemplateStringsArray, ...values: unknown[]): SQLQuery;
declare const sql: SQLWithFile;
declare namespace tag {
    export const join: SQLWithFile['join'];
    export const ident: SQLWithFile['ident'];
    export const value: SQLWithFile['value'];
    export const registerFormatter: SQLWithFile['registerFormatter'];
    export const __dangerous__rawValue: SQLWithFile['__dangerous__rawValue'];
    export const __dangerous__constructFromParts: SQLWithFile['__dangerous__constructFromParts'];
    export const file: SQLWithFile['file'];
    export { sql, tag as default, isSqlQuery, SQLItemType, escapeIdentifier, pgFormat };
    export type { SQLWithFile as SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery };
}
export = tag;

// dist/join.d.ts
import { SQLQuery } from './sql-query';
export type LiteralSeparator = '' | ',' | ', ' | ' AND ' | ' OR ' | ') AND (' | ') OR (' | ';';
export declare function join(queries: readonly SQLQuery[], separator?: LiteralSeparator | SQLQuery): SQLQuery;

// dist/lexer/index.d.ts
export { Lexer, tokenize } from './lexer';
export { hasSeveralStatements, splitStatements, type StatementRange } from './split-statements';
export type { LexerOptions, Token, TokenKind } from './token';

// dist/lexer/lexer.d.ts
import type { LexerOptions, Token, TokenKind } from './token';
export declare class Lexer {
    #private;
    readonly text: string;
    kind: TokenKind;
    start: number;
    end: number;
    constructor(text: string, options?: LexerOptions);
    next(): boolean;
}
export declare function tokenize(text: string, options?: LexerOptions): Token[];

// dist/lexer/split-statements.d.ts
import type { LexerOptions } from './token';
export interface StatementRange {
    readonly start: number;
    readonly end: number;
}
export declare function splitStatements(text: string, options?: LexerOptions): StatementRange[];
export declare function hasSeveralStatements(text: string, options?: LexerOptions): boolean;

// dist/lexer/token.d.ts
export type TokenKind = 'word' | 'quotedIdentifier' | 'string' | 'escapeString' | 'dollarString' | 'bitString' | 'parameter' | 'number' | 'operator' | 'comma' | 'dot' | 'semicolon' | 'leftParen' | 'rightParen' | 'leftBracket' | 'rightBracket' | 'lineComment' | 'blockComment' | 'whitespace' | 'unterminated' | 'other';
export interface Token {
    readonly kind: TokenKind;
    readonly start: number;
    readonly end: number;
}
export interface LexerOptions {
    readonly standardConformingStrings?: boolean;
}

// dist/sql-item.d.ts
export declare enum SQLItemType {
    RAW = 0,
    VALUE = 1,
    IDENTIFIER = 2
}
export interface RawItem {
    readonly type: SQLItemType.RAW;
    readonly text: string;
}
export interface ValueItem {
    readonly type: SQLItemType.VALUE;
    readonly value: unknown;
}
export interface IdentifierItem {
    readonly type: SQLItemType.IDENTIFIER;
    readonly names: readonly unknown[];
}
export type SQLItem = RawItem | ValueItem | IdentifierItem;

// dist/sql-query.d.ts
import { type FormatConfig, type FormattedQuery } from './format';
import { type SQLItem } from './sql-item';
declare const BRAND: unique symbol;
declare const INSPECT: unique symbol;
export type Part = SQLItem | SQLQuery;
export declare class SQLQuery {
    #private;
    readonly strings: TemplateStringsArray | undefined;
    readonly values: readonly unknown[];
    readonly parts: readonly Part[] | undefined;
    private constructor();
    static flat(strings: TemplateStringsArray, values: readonly unknown[]): SQLQuery;
    static of(parts: readonly Part[]): SQLQuery;
    get [BRAND](): true;
    format(config: FormatConfig): FormattedQuery;
    format<T>(formatter: (items: readonly SQLItem[]) => T): T;
    [INSPECT](): string;
}
export declare function isSqlQuery(value: unknown): value is SQLQuery;
export declare function templateParts(strings: readonly string[], values: readonly unknown[], partOf: (value: unknown) => Part): Part[];
export {};

// dist/tag.d.ts
import { type LiteralSeparator } from './join';
import { SQLQuery } from './sql-query';
import { type SQLItem } from './sql-item';
export interface SQL {
    (strings: TemplateStringsArray, ...values: readonly unknown[]): SQLQuery;
    readonly join: (queries: readonly SQLQuery[], separator?: LiteralSeparator | SQLQuery) => SQLQuery;
    readonly ident: (...names: readonly unknown[]) => SQLQuery;
    readonly value: (value: unknown) => SQLQuery;
    readonly registerFormatter: <T>(constructor: abstract new (...args: never[]) => T, format: (value: T) => SQLQuery) => void;
    readonly __dangerous__rawValue: (text: string) => SQLQuery;
    readonly __dangerous__constructFromParts: (items: readonly SQLItem[]) => SQLQuery;
    readonly isSqlQuery: (value: unknown) => value is SQLQuery;
}
export declare function fromTemplate(strings: TemplateStringsArray, values: unknown[]): SQLQuery;
export declare function rawValue(text: unknown): SQLQuery;
export declare const members: Omit<SQL, never>;

// dist/web.d.mts
import api from './web.js';
export default api;
export declare const sql: api.SQL, isSqlQuery: typeof api.isSqlQuery, SQLItemType: typeof api.SQLItemType, escapeIdentifier: typeof api.escapeIdentifier, pgFormat: api.FormatConfig;
export type SQLItemType = api.SQLItemType;
export type { SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery } from './web.js';

// dist/web.d.ts
import { type FormatConfig, type FormattedQuery, pgFormat } from './format';
import { escapeIdentifier } from './identifier';
import { type SQLItem, SQLItemType } from './sql-item';
import { isSqlQuery, type SQLQuery } from './sql-query';
import { type SQL } from './tag';
declare function tag(strings: TemplateStringsArray, ...values: unknown[]): SQLQuery;
declare const sql: SQL;
declare namespace tag {
    export const join: SQL['join'];
    export const ident: SQL['ident'];
    export const value: SQL['value'];
    export const registerFormatter: SQL['registerFormatter'];
    export const __dangerous__rawValue: SQL['__dangerous__rawValue'];
    export const __dangerous__constructFromParts: SQL['__dangerous__constructFromParts'];
    export { sql, tag as default, isSqlQuery, SQLItemType, escapeIdentifier, pgFormat };
    export type { SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery };
}
export = tag;
