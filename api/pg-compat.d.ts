// The public API of @databases/pg-compat. Written by tools/generate-api.mjs (npm run api).

// dist/client.d.ts
import { EventEmitter } from 'node:events';
import type { DatabaseErrorFields, RawConnection, RawNotification } from '@databases/pg/raw';
import type { PoolConfig } from './config';
import { Query } from './query';
import type { QueryConfig } from './query';
import type { Result, ResultCallback } from './result';
import type { TextParser, TypeFormat } from './types';
import type { Work } from './work';
type Callback<T> = (error: Error | null | undefined, value: T) => void;
export declare class Client extends EventEmitter {
    #private;
    static readonly Query: typeof Query;
    constructor(config?: string | PoolConfig);
    get connectionParameters(): {
        host: string;
        port: number;
        user: string;
        database: string;
    };
    get host(): string;
    get port(): number;
    get user(): string;
    get database(): string;
    get processID(): number | null;
    get secretKey(): Buffer | null;
    connect(): Promise<this>;
    connect(callback: Callback<this | undefined>): void;
    adopt(connection: RawConnection): void;
    query(text: string | QueryConfig, values?: readonly unknown[]): Promise<Result>;
    query(text: string | QueryConfig, callback: ResultCallback): void;
    query(text: string | QueryConfig, values: readonly unknown[] | undefined, callback: ResultCallback): void;
    query<W extends Work>(work: W, callback?: ResultCallback): W;
    end(): Promise<void>;
    end(callback: (error?: Error) => void): void;
    getTransactionStatus(): 'I' | 'T' | 'E' | null;
    setTypeParser(oid: number, parse: TextParser): void;
    setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
    getTypeParser(oid: number, format?: TypeFormat): TextParser;
    escapeIdentifier(name: string): string;
    escapeLiteral(text: string): string;
    ref(): void;
    unref(): void;
    get isIdle(): boolean;
    get isUsable(): boolean;
    get isExpectedOpen(): boolean;
    cancelRunning(): void;
    expectEnd(): void;
    connectionClosed(error: Error | undefined): void;
    notice(fields: DatabaseErrorFields): void;
    notification({ processId, channel, payload }: RawNotification): void;
}
export {};

// dist/config.d.ts
import type { Duplex } from 'node:stream';
import type { ConnectionPoolConfig, NodeTlsOptions } from '@databases/pg/raw';
import type { ResultRow } from './result';
import type { CustomTypesConfig } from './types';
export interface ClientConfig {
    user?: string | undefined;
    password?: string | (() => string | Promise<string>) | undefined;
    host?: string | undefined;
    port?: number | string | undefined;
    database?: string | undefined;
    connectionString?: string | undefined;
    ssl?: boolean | NodeTlsOptions | undefined;
    application_name?: string | undefined;
    fallback_application_name?: string | undefined;
    statement_timeout?: number | string | false | undefined;
    query_timeout?: number | undefined;
    lock_timeout?: number | string | false | undefined;
    idle_in_transaction_session_timeout?: number | string | false | undefined;
    connectionTimeoutMillis?: number | undefined;
    options?: string | undefined;
    keepAlive?: boolean | undefined;
    keepAliveInitialDelayMillis?: number | undefined;
    types?: CustomTypesConfig | undefined;
    stream?: (() => Duplex) | undefined;
    engineOptions?: ConnectionPoolConfig | undefined;
}
export interface PoolConfig extends ClientConfig {
    max?: number | undefined;
    idleTimeoutMillis?: number | undefined;
    maxUses?: number | undefined;
    maxLifetimeSeconds?: number | undefined;
    allowExitOnIdle?: boolean | undefined;
    min?: number | undefined;
    onConnect?: ((client: ResultRow) => unknown) | undefined;
}
export declare function engineConfig(config: PoolConfig): ConnectionPoolConfig;

// dist/cursor.d.ts
import { EventEmitter } from 'node:events';
import type { RawConnection } from '@databases/pg/raw';
import { Result } from './result';
import type { ResultRow } from './result';
import type { CustomTypesConfig } from './types';
import type { Work } from './work';
export interface CursorQueryConfig {
    rowMode?: string | undefined;
    types?: CustomTypesConfig | undefined;
}
type ReadCallback<Row> = (error: Error | undefined, rows: Row[], result: Result<Row>) => void;
export declare class Cursor<Row = ResultRow> extends EventEmitter implements Work {
    #private;
    readonly text: string;
    readonly values: readonly unknown[];
    constructor(text: string, values?: readonly unknown[], config?: CursorQueryConfig);
    start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void;
    fail(error: Error): void;
    submit(): void;
    read(rows: number): Promise<Row[]>;
    read(rows: number, callback: ReadCallback<Row>): void;
    close(): Promise<void>;
    close(callback: (error?: Error) => void): void;
}
export {};

// dist/database-error.d.ts
import type { DatabaseErrorFields } from '@databases/pg/raw';
export declare class DatabaseError extends Error {
    readonly length: number;
    readonly name: 'error' | 'notice';
    readonly severity: string | undefined;
    readonly code: string | undefined;
    readonly detail: string | undefined;
    readonly hint: string | undefined;
    readonly position: string | undefined;
    readonly internalPosition: string | undefined;
    readonly internalQuery: string | undefined;
    readonly where: string | undefined;
    readonly schema: string | undefined;
    readonly table: string | undefined;
    readonly column: string | undefined;
    readonly dataType: string | undefined;
    readonly constraint: string | undefined;
    readonly file: string | undefined;
    readonly line: string | undefined;
    readonly routine: string | undefined;
    constructor(fields: DatabaseErrorFields, name?: 'error' | 'notice', cause?: unknown);
}
export declare function asPgError(error: unknown): Error;

// dist/defaults.d.ts
export declare const defaults: {
    parseInputDatesAsUTC: boolean;
    max: number;
    idleTimeoutMillis: number;
};

// dist/escape.d.ts
export declare function escapeIdentifier(name: string): string;
export declare function escapeLiteral(text: string): string;

// dist/index.d.mts
import pg from './index.js';
export * from './index.js';
declare const _default: {
    Client: typeof pg.Client;
    Cursor: typeof pg.Cursor;
    DatabaseError: typeof pg.DatabaseError;
    Pool: typeof pg.Pool;
    Query: typeof pg.Query;
    QueryStream: typeof pg.QueryStream;
    Result: typeof pg.Result;
    TypeOverrides: typeof pg.TypeOverrides;
    defaults: {
        parseInputDatesAsUTC: boolean;
        max: number;
        idleTimeoutMillis: number;
    };
    escapeIdentifier: typeof pg.escapeIdentifier;
    escapeLiteral: typeof pg.escapeLiteral;
    types: typeof pg.types;
};
export default _default;

// dist/index.d.ts
import { Client } from './client';
import { Cursor } from './cursor';
import { DatabaseError } from './database-error';
import { defaults } from './defaults';
import { escapeIdentifier, escapeLiteral } from './escape';
import { Pool } from './pool';
import { prepareValue } from './prepare-value';
import { Query } from './query';
import { QueryStream } from './query-stream';
import { Result } from './result';
import { TypeOverrides } from './type-overrides';
import * as types from './types';
declare const pg: {
    Client: typeof Client;
    Cursor: typeof Cursor;
    DatabaseError: typeof DatabaseError;
    Pool: typeof Pool;
    Query: typeof Query;
    QueryStream: typeof QueryStream;
    Result: typeof Result;
    TypeOverrides: typeof TypeOverrides;
    defaults: {
        parseInputDatesAsUTC: boolean;
        max: number;
        idleTimeoutMillis: number;
    };
    escapeIdentifier: typeof escapeIdentifier;
    escapeLiteral: typeof escapeLiteral;
    types: typeof types;
};
export default pg;
export { Client, Cursor, DatabaseError, Pool, Query, QueryStream, Result, TypeOverrides, defaults, escapeIdentifier, escapeLiteral, prepareValue, types, };
export type { ClientConfig, PoolConfig } from './config';
export type { CursorQueryConfig } from './cursor';
export type { PoolClient } from './pool';
export type { QueryConfig } from './query';
export type { QueryStreamConfig } from './query-stream';
export type { Field as FieldDef, Result as QueryResult, ResultRow as QueryResultRow } from './result';
export type { CustomTypesConfig } from './types';
export type { Work as Submittable } from './work';

// dist/pool.d.ts
import { EventEmitter } from 'node:events';
import { Client } from './client';
import type { PoolConfig } from './config';
import type { QueryConfig } from './query';
import type { Result, ResultCallback } from './result';
export interface PoolClient extends Client {
    release(error?: Error | boolean): void;
}
type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, release: (error?: Error | boolean) => void) => void;
export declare class Pool extends EventEmitter {
    #private;
    readonly options: PoolConfig & {
        max: number;
        idleTimeoutMillis: number;
    };
    ending: boolean;
    ended: boolean;
    constructor(config?: PoolConfig | string);
    get totalCount(): number;
    get idleCount(): number;
    get waitingCount(): number;
    connect(): Promise<PoolClient>;
    connect(callback: ConnectCallback): void;
    query(text: string | QueryConfig, values?: readonly unknown[]): Promise<Result>;
    query(text: string | QueryConfig, callback: ResultCallback): void;
    query(text: string | QueryConfig, values: readonly unknown[] | undefined, callback: ResultCallback): void;
    end(): Promise<void>;
    end(callback: (error?: Error) => void): void;
    [Symbol.asyncDispose](): Promise<void>;
}
export {};

// dist/prepare-value.d.ts
export type Parameter = string | Buffer | null;
export declare function prepareValue(value: unknown): Parameter;

// dist/query-stream.d.ts
import { Readable } from 'node:stream';
import type { RawConnection } from '@databases/pg/raw';
import { Cursor } from './cursor';
import type { CursorQueryConfig } from './cursor';
import type { CustomTypesConfig } from './types';
import type { Work } from './work';
export interface QueryStreamConfig extends CursorQueryConfig {
    batchSize?: number | undefined;
    highWaterMark?: number | undefined;
}
export declare class QueryStream extends Readable implements Work {
    #private;
    readonly cursor: Cursor;
    constructor(text: string, values?: readonly unknown[], config?: QueryStreamConfig);
    get text(): string;
    start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void;
    fail(error: Error): void;
    submit(): void;
    _read(size: number): void;
    _destroy(error: Error | null, callback: (error?: Error | null) => void): void;
}

// dist/query.d.ts
import { EventEmitter } from 'node:events';
import type { RawConnection } from '@databases/pg/raw';
import { Result } from './result';
import type { CustomTypesConfig } from './types';
import type { Work } from './work';
export interface QueryConfig {
    text: string;
    values?: readonly unknown[] | undefined;
    name?: string | undefined;
    rowMode?: string | undefined;
    types?: CustomTypesConfig | undefined;
    queryMode?: string | undefined;
    query_timeout?: number | undefined;
}
export type QueryResults = Result | Result[];
export declare class Query extends EventEmitter implements Work {
    #private;
    readonly text: string;
    readonly name: string;
    readonly values: readonly unknown[] | undefined;
    callback: ((error: Error | null, results?: QueryResults) => void) | undefined;
    constructor(config: string | QueryConfig, values?: readonly unknown[]);
    start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void;
    fail(error: Error): void;
    submit(): void;
}

// dist/raw-types.d.ts
import type { TextReader } from '@databases/pg/raw';
export type Column = Parameters<TextReader['columns']>[0][number];

// dist/result.d.ts
import type { Column } from './raw-types';
import type { CustomTypesConfig } from './types';
export declare class Field {
    readonly name: string;
    readonly tableID: number;
    readonly columnID: number;
    readonly dataTypeID: number;
    readonly dataTypeSize: number;
    readonly dataTypeModifier: number;
    readonly format = "text";
    constructor(name: string, tableID: number, columnID: number, dataTypeID: number, dataTypeSize: number, dataTypeModifier: number);
}
export type ResultRow = any;
export type ResultCallback = (error: Error | null | undefined, result: ResultRow) => void;
export declare class Result<Row = ResultRow> {
    #private;
    command: string | null;
    rowCount: number | null;
    oid: number | null;
    rows: Row[];
    fields: Field[];
    readonly rowAsArray: boolean;
    types: CustomTypesConfig | undefined;
    constructor(rowMode?: string, ownTypes?: CustomTypesConfig);
    addColumns(columns: readonly Column[]): void;
    addCommandTag(tag: string): void;
    parseRow(values: readonly (string | null)[]): Row;
    addRow(row: Row): void;
}

// dist/type-overrides.d.ts
import type { CustomTypesConfig, TextParser, TypeFormat } from './types';
export declare class TypeOverrides implements CustomTypesConfig {
    #private;
    readonly text: Record<number, TextParser>;
    readonly binary: Record<number, TextParser>;
    constructor(userTypes?: CustomTypesConfig);
    setTypeParser(oid: number, parse: TextParser): void;
    setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
    getTypeParser(oid: number, format?: TypeFormat): TextParser;
}

// dist/types/array.d.ts
import type { TextParser } from './text-parser';
export declare function arrayOf(parseElement?: TextParser): TextParser;
export declare const arrayParser: {
    create: (text: string, transform?: (element: string) => unknown) => {
        parse: () => unknown[];
    };
};

// dist/types/builtins.d.ts
export declare const builtins: {
    readonly BOOL: 16;
    readonly BYTEA: 17;
    readonly CHAR: 18;
    readonly INT8: 20;
    readonly INT2: 21;
    readonly INT4: 23;
    readonly REGPROC: 24;
    readonly TEXT: 25;
    readonly OID: 26;
    readonly TID: 27;
    readonly XID: 28;
    readonly CID: 29;
    readonly JSON: 114;
    readonly XML: 142;
    readonly PG_NODE_TREE: 194;
    readonly SMGR: 210;
    readonly PATH: 602;
    readonly POLYGON: 604;
    readonly CIDR: 650;
    readonly FLOAT4: 700;
    readonly FLOAT8: 701;
    readonly ABSTIME: 702;
    readonly RELTIME: 703;
    readonly TINTERVAL: 704;
    readonly CIRCLE: 718;
    readonly MACADDR8: 774;
    readonly MONEY: 790;
    readonly MACADDR: 829;
    readonly INET: 869;
    readonly ACLITEM: 1033;
    readonly BPCHAR: 1042;
    readonly VARCHAR: 1043;
    readonly DATE: 1082;
    readonly TIME: 1083;
    readonly TIMESTAMP: 1114;
    readonly TIMESTAMPTZ: 1184;
    readonly INTERVAL: 1186;
    readonly TIMETZ: 1266;
    readonly BIT: 1560;
    readonly VARBIT: 1562;
    readonly NUMERIC: 1700;
    readonly REFCURSOR: 1790;
    readonly REGPROCEDURE: 2202;
    readonly REGOPER: 2203;
    readonly REGOPERATOR: 2204;
    readonly REGCLASS: 2205;
    readonly REGTYPE: 2206;
    readonly UUID: 2950;
    readonly TXID_SNAPSHOT: 2970;
    readonly PG_LSN: 3220;
    readonly PG_NDISTINCT: 3361;
    readonly PG_DEPENDENCIES: 3402;
    readonly TSVECTOR: 3614;
    readonly TSQUERY: 3615;
    readonly GTSVECTOR: 3642;
    readonly REGCONFIG: 3734;
    readonly REGDICTIONARY: 3769;
    readonly JSONB: 3802;
    readonly REGNAMESPACE: 4089;
    readonly REGROLE: 4096;
};

// dist/types/index.d.ts
import { arrayParser } from './array';
import { builtins } from './builtins';
import type { TextParser } from './text-parser';
export type { TextParser } from './text-parser';
export type TypeFormat = 'text' | 'binary';
export interface CustomTypesConfig {
    getTypeParser(oid: number, format?: TypeFormat): TextParser;
}
export declare function getTypeParser(oid: number, format?: TypeFormat): TextParser;
export declare function setTypeParser(oid: number, parse: TextParser): void;
export declare function setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
export { arrayParser, builtins };

// dist/types/text-parser.d.ts
export type TextParser<T = any> = (text: string) => T;

// dist/work.d.ts
import type { RawConnection } from '@databases/pg/raw';
import type { CustomTypesConfig } from './types';
export interface Work {
    start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void;
    fail(error: Error): void;
    submit(connection: unknown): void;
}
export declare function isWork(value: object): value is Work;
export declare function isForeignWork(value: object): boolean;
export declare function refuseSubmit(): never;
