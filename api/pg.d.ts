// The public API of @databases/pg. Written by tools/generate-api.mjs (npm run api).

// dist/client/api/advisory-lock-key.d.ts
import type { SQLQuery } from '@databases/sql';
export type AdvisoryLockKey = number | bigint | string | readonly [number, number];
export declare function advisoryLockKey(key: AdvisoryLockKey): SQLQuery;

// dist/client/api/inspector-options.d.ts
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PoolStats } from './pool-stats';
export interface InspectorOptions {
    readonly authorize?: (request: IncomingMessage) => boolean | Promise<boolean>;
    readonly allowRemote?: boolean;
}
export type InspectorHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type CreateInspector = (stats: () => PoolStats, options: InspectorOptions, report: (error: Error) => void) => InspectorHandler;

// dist/client/api/pool-stats.d.ts
import type { LaneStats, PoolCounts, PoolTotals, WaiterStats } from '../../pool';
import type { FailureStats } from '../telemetry/failures';
export interface PoolStats extends PoolCounts {
    readonly name: string;
    readonly serverAddress: string;
    readonly serverPort: number;
    readonly database: string;
    readonly limits: PoolLimits;
    readonly totals: PoolTotals;
    readonly lanes: readonly LaneStats[];
    readonly waiters: readonly WaiterStats[];
    readonly failures: readonly FailureStats[];
    readonly statements: readonly StatementStats[];
}
export interface PoolLimits {
    readonly poolSize: number;
    readonly queueTimeoutMilliseconds: number;
    readonly queryTimeoutMilliseconds: number;
    readonly idleTimeoutMilliseconds: number;
    readonly maxUses: number;
    readonly maxLifetimeMilliseconds: number;
}
export interface StatementStats {
    readonly text: string;
    readonly count: number;
    readonly totalMilliseconds: number;
    readonly meanMilliseconds: number;
    readonly longestMilliseconds: number;
}

// dist/client/api/queryable.d.ts
import type { Readable } from 'node:stream';
import type { SQL, SQLQuery } from '@databases/sql';
import type { CopySource } from '../copies/copy-source';
import type { ListenOptions, Notification, Subscription } from '../listen/notification';
import type { AdvisoryLockKey } from './advisory-lock-key';
import type { InspectorHandler, InspectorOptions } from './inspector-options';
import type { PoolStats } from './pool-stats';
export declare enum QueryableType {
    Transaction = "transaction",
    Connection = "connection",
    ConnectionPool = "connection_pool",
    Cluster = "cluster"
}
export declare enum IsolationLevel {
    READ_UNCOMMITTED = "READ_UNCOMMITTED",
    READ_COMMITTED = "READ_COMMITTED",
    REPEATABLE_READ = "REPEATABLE_READ",
    SERIALIZABLE = "SERIALIZABLE"
}
export type ResultRow = any;
export interface QueryOptions {
    readonly signal?: AbortSignal;
}
export interface QueryHearer {
    succeeded(): void;
    failed(error: unknown): ResultRow[] | Promise<ResultRow[]>;
}
export type PipelineOutcome = PromiseSettledResult<ResultRow[]> & {
    readonly early?: true;
};
export interface QueryStreamOptions {
    readonly batchSize?: number;
    readonly signal?: AbortSignal;
}
export interface RowStream extends AsyncIterable<ResultRow>, AsyncDisposable {
}
export interface QueryNodeStreamOptions {
    readonly highWaterMark?: number;
    readonly batchSize?: number;
}
export interface DisposeOptions {
    readonly timeoutMilliseconds?: number;
}
export interface CopyOptions {
    readonly signal?: AbortSignal;
}
export interface TransactionOptions {
    readonly isolationLevel?: IsolationLevel;
    readonly readOnly?: boolean;
    readonly deferrable?: boolean;
    readonly retrySerializationFailures?: boolean | number;
    readonly statementTimeoutMilliseconds?: number;
    readonly transactionTimeoutMilliseconds?: number;
    readonly lockTimeoutMilliseconds?: number;
    readonly idleInTransactionSessionTimeoutMilliseconds?: number;
    readonly signal?: AbortSignal;
}
export interface AnotherPoolOptions {
    readonly poolSize?: number;
    readonly queryTimeoutMilliseconds?: number;
    readonly queueTimeoutMilliseconds?: number;
    readonly idleTimeoutMilliseconds?: number;
    readonly onError?: (error: Error) => void;
    readonly onConnectionClosed?: (reason?: Error) => void;
}
export interface Queryable {
    readonly type: QueryableType;
    readonly sql: SQL;
    query(query: SQLQuery, options?: QueryOptions): Promise<ResultRow[]>;
    query(queries: readonly SQLQuery[], options?: QueryOptions): Promise<ResultRow[][]>;
    queryStream(query: SQLQuery, options?: QueryStreamOptions): RowStream;
    queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions): Readable;
    copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number>;
    copyTo(query: SQLQuery, options?: CopyOptions): Readable;
    task<T>(fn: (connection: Connection | Transaction) => Promise<T>): Promise<T>;
    tx<T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
    addPostCommitStep(fn: () => Promise<unknown>): Promise<void>;
    notify(channel: string, payload?: string): Promise<void>;
}
export interface Transaction extends Queryable {
    readonly type: QueryableType.Transaction;
    task<T>(fn: (connection: Transaction) => Promise<T>): Promise<T>;
    advisoryTxLock(key: AdvisoryLockKey): Promise<void>;
    advisoryTxLockShared(key: AdvisoryLockKey): Promise<void>;
    tryAdvisoryTxLock(key: AdvisoryLockKey): Promise<boolean>;
    tryAdvisoryTxLockShared(key: AdvisoryLockKey): Promise<boolean>;
}
export interface Connection extends Queryable {
    readonly type: QueryableType.Connection;
    task<T>(fn: (connection: Connection) => Promise<T>): Promise<T>;
}
export interface ConnectionPool extends Queryable, AsyncDisposable {
    readonly type: QueryableType.ConnectionPool;
    task<T>(fn: (connection: Connection) => Promise<T>): Promise<T>;
    pipeline(queries: readonly (SQLQuery | readonly SQLQuery[])[], options?: QueryOptions): Promise<PipelineOutcome[]>;
    queryHeard(query: SQLQuery, hearer: QueryHearer): Promise<ResultRow[]> | undefined;
    disconnect(reason: string): void;
    another(options?: AnotherPoolOptions): ConnectionPool;
    registerTypeParser<T>(type: number | string, parser: (text: string) => T): Promise<(text: string) => T>;
    getTypeParser(type: number | string): Promise<(text: string) => unknown>;
    parseArray(text: string, parseElement?: (text: string) => unknown): unknown[];
    parseComposite(text: string): (string | null)[];
    listen(channel: string, handler: (notification: Notification) => unknown, options?: ListenOptions): Promise<Subscription>;
    stats(): PoolStats;
    inspector(options?: InspectorOptions): InspectorHandler;
    on(event: 'release', listener: () => void): () => void;
    readonly options: {
        readonly idleTimeoutMillis: number;
    };
    readonly disposed: boolean;
    dispose(options?: DisposeOptions): Promise<void>;
}
export declare function isTransaction(queryable: Queryable): queryable is Transaction;
export declare function isConnection(queryable: Queryable): queryable is Connection;
export declare function isConnectionPool(queryable: Queryable): queryable is ConnectionPool;

// dist/client/copies/copy-source.d.ts
export type CopyItem = string | object;
export type CopySource = string | Uint8Array | Iterable<CopyItem> | AsyncIterable<CopyItem>;
type Step = IteratorResult<unknown, unknown>;
export declare class SourceReader {
    #private;
    constructor(source: CopySource);
    next(): Step | Promise<Step>;
    close(): Promise<void>;
}
export {};

// dist/client/listen/notification.d.ts
export interface Notification {
    readonly channel: string;
    readonly payload: string;
    readonly processId: number;
}
export interface NotificationGap {
    readonly channel: string;
    readonly since: Date;
    readonly reason: Error;
}
export interface ListenOptions {
    readonly onGap?: ((gap: NotificationGap) => unknown) | undefined;
}
export interface Subscription extends AsyncDisposable {
    readonly channel: string;
    close(): Promise<void>;
}

// dist/client/telemetry/failures.d.ts
export interface FailureStats {
    readonly code: string;
    readonly message: string;
    readonly text: string | undefined;
    readonly count: number;
    readonly ageMilliseconds: number;
}
export declare class Failures {
    #private;
    constructor(now: () => number);
    record(error: unknown, text?: string): void;
    stats(): FailureStats[];
}

// dist/config-api.d.mts
export * from './config-api.js';

// dist/config-api.d.ts
export { describeTarget, formatConnectionString, parseConnectionString, resolveConfig, } from './config';
export { machineSources } from './machine-sources';
export { ConfigurationError } from './errors';
export type { AuthenticationMethod, ConfigSources, ConnectionOptions, ConnectionParts, NodeTlsOptions, ParsedConnectionString, PasswordFunction, PasswordRequest, PoolOptionDefaults, ProtocolVersion, Provenance, ProvenanceKind, ResolvedConfig, ResolvedSsl, SocketFunction, SocketRequest, SslMode, StatementPreparation, TargetSessionAttrs, TlsVersion, } from './config';

// dist/config/connection-pool-config.d.ts
import type { ConnectionOptions, SocketFunction } from './options';
import type { StatementPreparation } from './resolved-config';
export type BigIntMode = 'number' | 'string' | 'bigint';
export interface TypeParserRegistry {
    getTypeParser(type: number): (text: string) => unknown;
    getTypeParser(type: string): Promise<(text: string) => unknown>;
    setTypeParser(type: number, parser: (text: string) => unknown): void;
    setTypeParser(type: string, parser: (text: string) => unknown): Promise<void>;
    parseArray(text: string, parseEntry?: (text: string) => unknown): unknown[];
    parseComposite(text: string): (string | null)[];
}
export type TypeOverrides = ((registry: TypeParserRegistry) => unknown) | ReadonlyMap<number, (text: string) => unknown> | Readonly<Record<number, (text: string) => unknown>>;
export interface PoolHandlers<Query = unknown> {
    readonly onError?: ((error: Error) => void) | undefined;
    readonly onQueryStart?: ((query: Query, formatted: FormattedQuery) => void) | undefined;
    readonly onQueryResults?: ((query: Query, formatted: FormattedQuery, results: unknown[]) => void) | undefined;
    readonly onQueryError?: ((query: Query, formatted: FormattedQuery, error: Error) => void) | undefined;
    readonly onSlowQuery?: ((slow: SlowQuery) => void) | undefined;
    readonly onConnectionOpened?: (() => void) | undefined;
    readonly onConnectionClosed?: ((reason?: Error) => void) | undefined;
}
export interface SlowQuery {
    readonly queryText: string;
    readonly parameterCount: number;
    readonly milliseconds: number;
    readonly error: unknown;
}
export interface FormattedQuery {
    readonly text: string;
    readonly values: readonly unknown[];
}
export type SqlCommenter = () => Readonly<Record<string, string | undefined>> | undefined;
export interface ConnectionPoolConfig<Query = unknown> extends ConnectionOptions, PoolHandlers<Query> {
    readonly schema?: string | readonly string[] | undefined;
    readonly bigIntMode?: BigIntMode | undefined;
    readonly bigIntAsString?: boolean | undefined;
    readonly types?: TypeOverrides | undefined;
    readonly poolName?: string | undefined;
    readonly poolSize?: number | undefined;
    readonly maxUses?: number | undefined;
    readonly idleTimeoutMilliseconds?: number | undefined;
    readonly connectionTimeoutMilliseconds?: number | undefined;
    readonly queueTimeoutMilliseconds?: number | undefined;
    readonly acquireLockTimeoutMilliseconds?: number | undefined;
    readonly statementTimeoutMilliseconds?: number | undefined;
    readonly queryTimeoutMilliseconds?: number | undefined;
    readonly idleInTransactionSessionTimeoutMilliseconds?: number | undefined;
    readonly lockTimeoutMilliseconds?: number | undefined;
    readonly transactionTimeoutMilliseconds?: number | undefined;
    readonly keepAlive?: boolean | undefined;
    readonly keepAliveInitialDelayMilliseconds?: number | undefined;
    readonly allowCleartextPasswordWithoutTls?: boolean | undefined;
    readonly allowMd5PasswordWithoutTls?: boolean | undefined;
    readonly maxScramIterations?: number | undefined;
    readonly prepare?: StatementPreparation | boolean | undefined;
    readonly maxPreparedStatements?: number | undefined;
    readonly maxLifetimeMilliseconds?: number | undefined;
    readonly clientConnectionCheckIntervalMilliseconds?: number | undefined;
    readonly resetOnRelease?: boolean | 'auto' | undefined;
    readonly silenceTimeoutMilliseconds?: number | undefined;
    readonly listenHeartbeatMilliseconds?: number | undefined;
    readonly captureStacks?: boolean | undefined;
    readonly slowQueryMilliseconds?: number | undefined;
    readonly leakWarningMilliseconds?: number | undefined;
    readonly sqlCommenter?: SqlCommenter | undefined;
}
export interface ResolvedPoolOptions<Query = unknown> extends PoolHandlers<Query> {
    readonly schema: readonly string[];
    readonly bigIntMode: BigIntMode;
    readonly types: TypeOverrides | undefined;
    readonly poolName: string | undefined;
    readonly poolSize: number;
    readonly maxUses: number;
    readonly idleTimeoutMilliseconds: number;
    readonly connectionTimeoutMilliseconds: number;
    readonly queueTimeoutMilliseconds: number;
    readonly acquireLockTimeoutMilliseconds: number;
    readonly statementTimeoutMilliseconds: number;
    readonly queryTimeoutMilliseconds: number;
    readonly idleInTransactionSessionTimeoutMilliseconds: number;
    readonly lockTimeoutMilliseconds: number;
    readonly transactionTimeoutMilliseconds: number;
    readonly keepAlive: boolean;
    readonly keepAliveInitialDelayMilliseconds: number;
    readonly allowCleartextPasswordWithoutTls: boolean;
    readonly allowMd5PasswordWithoutTls: boolean;
    readonly maxScramIterations: number;
    readonly prepare: StatementPreparation;
    readonly maxPreparedStatements: number;
    readonly maxLifetimeMilliseconds: number;
    readonly clientConnectionCheckIntervalMilliseconds: number;
    readonly resetOnRelease: 'auto' | 'always' | 'never';
    readonly silenceTimeoutMilliseconds: number;
    readonly listenHeartbeatMilliseconds: number;
    readonly captureStacks: boolean;
    readonly slowQueryMilliseconds: number;
    readonly leakWarningMilliseconds: number;
    readonly sqlCommenter: SqlCommenter | undefined;
    readonly socket: SocketFunction | undefined;
}

// dist/config/describe.d.ts
import type { ResolvedConfig } from './resolved-config';
export declare function describeTarget(config: Pick<ResolvedConfig, 'host' | 'port' | 'user' | 'database'>): string;

// dist/config/format-connection-string.d.ts
import type { ParsedConnectionString } from './parse-connection-string';
export type ConnectionParts = {
    readonly [Field in keyof ParsedConnectionString]?: ParsedConnectionString[Field] | undefined;
};
export declare function formatConnectionString(parts: ConnectionParts): string;
export declare function formatHost(host: string, port: number | undefined): string;
export declare function escape(text: string): string;

// dist/config/options.d.ts
import type { Duplex } from 'node:stream';
import { ConfigurationError } from '../errors';
import type { Settings } from './settings';
import type { NodeTlsOptions, SslMode } from './ssl';
export interface PasswordRequest {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
    readonly attempt: number;
}
export type PasswordFunction = (request: PasswordRequest) => string | Promise<string>;
export interface SocketRequest {
    readonly host: string;
    readonly port: number;
    readonly signal: AbortSignal;
}
export type SocketFunction = (request: SocketRequest) => Duplex | Promise<Duplex>;
export interface ConnectionOptions {
    readonly connectionString?: string | false | undefined;
    readonly user?: string | undefined;
    readonly password?: string | PasswordFunction | undefined;
    readonly host?: string | readonly string[] | undefined;
    readonly port?: number | readonly (number | null)[] | undefined;
    readonly database?: string | undefined;
    readonly ssl?: boolean | SslMode | NodeTlsOptions | undefined;
    readonly applicationName?: string | undefined;
    readonly fallbackApplicationName?: string | undefined;
    readonly socket?: SocketFunction | undefined;
}
export interface ReadOptions {
    readonly settings: Settings;
    readonly ssl: boolean | NodeTlsOptions | undefined;
    readonly askPassword: PasswordFunction | undefined;
}
export declare function readOptions(options: ConnectionOptions): ReadOptions;
export declare function assertOptionsObject(input: unknown): asserts input is object;
export declare function isWellFormed(text: string): boolean;
export declare function describeType(value: unknown): string;
export declare function wrongType(name: string, expected: string, value: unknown): ConfigurationError;

// dist/config/parse-connection-string.d.ts
export interface ParsedConnectionString {
    readonly host: readonly string[];
    readonly hostaddr: readonly string[];
    readonly port: readonly (number | undefined)[];
    readonly user: string | undefined;
    readonly password: string | undefined;
    readonly database: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
}
export declare function parseConnectionString(text: string): ParsedConnectionString;

// dist/config/resolve.d.ts
import type { ConnectionOptions } from './options';
import type { ResolvedConfig } from './resolved-config';
import type { ConfigSources } from './settings';
export declare function resolveConfig(input: string | ConnectionOptions | undefined, given: ConfigSources): ResolvedConfig;

// dist/config/resolved-config.d.ts
import type { PasswordFunction } from './options';
import type { Provenance } from './settings';
import type { ResolvedSsl } from './ssl';
export type AuthenticationMethod = 'none' | 'password' | 'md5' | 'scram-sha-256' | 'gss' | 'sspi' | 'oauth';
export type TargetSessionAttrs = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';
export type StatementPreparation = 'auto' | 'named' | 'never';
export type ProtocolVersion = '3.0' | '3.2' | 'latest';
export interface PoolOptionDefaults {
    readonly hostCount?: number;
    readonly connectionTimeoutMilliseconds?: number;
    readonly queueTimeoutMilliseconds?: number;
    readonly poolSize?: number;
    readonly schema?: string;
    readonly prepare?: StatementPreparation;
    readonly keepAlive?: boolean;
    readonly keepAliveInitialDelayMilliseconds?: number;
}
export interface ResolvedConfig {
    readonly host: readonly string[];
    readonly hostaddr: readonly string[];
    readonly port: readonly number[];
    readonly database: string;
    readonly user: string;
    readonly password: string | undefined;
    readonly passwords: readonly (string | undefined)[];
    readonly askPassword: PasswordFunction | undefined;
    readonly ssl: ResolvedSsl;
    readonly channelBinding: 'disable' | 'prefer' | 'require';
    readonly requireAuth: readonly AuthenticationMethod[] | undefined;
    readonly options: string | undefined;
    readonly applicationName: string | undefined;
    readonly fallbackApplicationName: string | undefined;
    readonly clientEncoding: 'UTF8';
    readonly sessionParameters: Readonly<Record<string, string>>;
    readonly connectTimeoutMilliseconds: number | undefined;
    readonly targetSessionAttrs: TargetSessionAttrs;
    readonly loadBalanceHosts: 'disable' | 'random';
    readonly keepAlive: boolean | undefined;
    readonly keepAliveInitialDelayMilliseconds: number | undefined;
    readonly minProtocolVersion: ProtocolVersion;
    readonly maxProtocolVersion: ProtocolVersion;
    readonly poolDefaults: PoolOptionDefaults;
    readonly provenance: Readonly<Record<string, Provenance>>;
    readonly warnings: readonly string[];
}

// dist/config/settings.d.ts
import { ConfigurationError } from '../errors';
export type ProvenanceKind = 'option' | 'connectionString' | 'environment' | 'passwordFile' | 'serviceFile' | 'default';
export interface Provenance {
    readonly kind: ProvenanceKind;
    readonly name: string;
    readonly section?: string;
    readonly line?: number;
}
export interface Setting {
    readonly value: string;
    readonly from: Provenance;
}
export type Settings = ReadonlyMap<string, Setting>;
export interface ConfigSources {
    readonly env: Record<string, string | undefined>;
    readFile(path: string): string | undefined;
    fileMode?(path: string): number | undefined;
    readonly homedir: string | undefined;
    readonly username: string | undefined;
    readonly platform?: string | undefined;
    readonly cwd?: string | undefined;
}
export declare function nameSource(from: Provenance): string;
export declare function invalid(from: Provenance, problem: string): ConfigurationError;

// dist/config/ssl.d.ts
import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls';
import type { ConfigSources, Provenance, Setting } from './settings';
export declare const sslModes: readonly ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
export type SslMode = (typeof sslModes)[number];
declare const tlsVersions: readonly ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
export type TlsVersion = (typeof tlsVersions)[number];
export type NodeTlsOptions = Readonly<TlsConnectionOptions>;
export interface ResolvedSsl {
    readonly mode: SslMode;
    readonly negotiation: 'postgres' | 'direct';
    readonly ca?: string;
    readonly cert?: string;
    readonly crl?: string;
    readonly minVersion?: TlsVersion;
    readonly maxVersion?: TlsVersion;
    readonly system?: boolean;
    readonly sni: boolean;
    readonly key?: string;
    readonly passphrase?: string;
    readonly nodeOptions?: NodeTlsOptions;
}
export interface SslInput {
    readonly find: (keyword: string) => Setting | undefined;
    readonly option: boolean | NodeTlsOptions | undefined;
    readonly sources: ConfigSources;
    readonly warn: (text: string) => void;
}
export declare function resolveSsl(input: SslInput): {
    ssl: ResolvedSsl;
    from: Provenance;
};
export {};

// dist/connection/attempts/connect-events.d.ts
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AuthenticationMethod } from '../../config';
export type ConnectEvent = 
{
    readonly type: 'attempt';
    readonly tls: 'no' | 'ifOffered' | 'always';
}
 | {
    readonly type: 'lookup';
    readonly address: string;
}
 | {
    readonly type: 'connected';
    readonly address: string | undefined;
} | {
    readonly type: 'tlsAnswer';
    readonly answer: 'S' | 'N' | 'E';
} | {
    readonly type: 'secured';
    readonly tls: TlsFacts;
} | {
    readonly type: 'authentication';
    readonly method: AuthenticationMethod;
} | {
    readonly type: 'authenticated';
    readonly method: AuthenticationMethod;
    readonly channelBinding: boolean;
} | {
    readonly type: 'attemptFailed';
    readonly error: unknown;
};
export type ObserveConnect = (event: ConnectEvent) => void;
export interface TlsFacts {
    readonly protocol: string | undefined;
    readonly cipher: string;
    readonly distrust: string | undefined;
    readonly certificate: CertificateFacts | undefined;
}
export interface CertificateFacts {
    readonly subject: string;
    readonly issuer: string;
    readonly names: string | undefined;
    readonly validFrom: string;
    readonly validTo: string;
}
export declare function describeTls(socket: TLSSocket, certificate: PeerCertificate | undefined): TlsFacts;

// dist/connection/attempts/stop-signal.d.ts
export interface StopSignal {
    readonly aborted: boolean;
    readonly reason: unknown;
    addEventListener(type: 'abort', listener: () => void, options?: {
        readonly once: true;
    }): void;
    removeEventListener(type: 'abort', listener: () => void): void;
}
export declare class Stop implements StopSignal {
    #private;
    aborted: boolean;
    reason: unknown;
    abort(reason: unknown): void;
    addEventListener(_type: 'abort', listener: () => void): void;
    removeEventListener(_type: 'abort', listener: () => void): void;
}
export declare function abortSignalOf(signal: StopSignal): AbortSignal;
export declare function stopReason(signal: StopSignal): Error;

// dist/connection/connection.d.ts
import type { ResolvedPoolOptions } from '../config';
import type { DatabaseErrorFields } from '../errors';
import type { BackendKeyData, ByteWriter, FrameDecoder, NotificationResponse } from '../protocol';
import type { FlushQueue } from './flush-queue';
import type { Host } from './hosts/hosts';
import type { Exchange } from './session/exchange';
import { Session } from './session/session';
import type { SessionEvents } from './session/session';
import type { PreparedStatements } from './statements/prepared-statements';
import type { Transport, TransportEvents } from './transport';
export interface ConnectionParts {
    readonly transport: Transport;
    readonly writer: ByteWriter;
    readonly decoder: FrameDecoder;
    readonly statements: PreparedStatements;
    readonly parameters: Map<string, string>;
    readonly backendKey: BackendKeyData | undefined;
    readonly flushQueue: FlushQueue;
    readonly resetOnRelease: ResolvedPoolOptions['resetOnRelease'];
    readonly roundTripMilliseconds: number;
    readonly host: Host;
    readonly requestCancel: (key: BackendKeyData) => Promise<void>;
}
export interface ConnectionEvents {
    closed(connection: Connection, error: Error | undefined): void;
    notice(connection: Connection, fields: DatabaseErrorFields): void;
    notification(connection: Connection, notification: NotificationResponse): void;
    writeRefused?(connection: Connection): void;
    becameBusy?(): void;
}
export type ConnectionPhase = 'open' | 'closing' | 'closed';
export declare class Connection implements SessionEvents, TransportEvents {
    #private;
    readonly session: Session;
    readonly backendKey: BackendKeyData | undefined;
    readonly resetOnRelease: ResolvedPoolOptions['resetOnRelease'];
    readonly roundTripMilliseconds: number;
    phase: ConnectionPhase;
    readonly openedAt: number;
    heard: boolean;
    lastText: string | undefined;
    lastTextAt: number;
    readsOnly: boolean;
    whenClosed: (() => void) | undefined;
    constructor(parts: ConnectionParts, events: ConnectionEvents);
    get target(): string;
    usedHost(): Host;
    get peer(): {
        readonly address: string;
        readonly port: number;
    } | undefined;
    get awaitsServer(): boolean;
    get isSending(): boolean;
    get failure(): Error | undefined;
    get inFlight(): number;
    get settled(): boolean;
    send(exchange: Exchange): boolean;
    cancel(): Promise<void>;
    get cancelUnderWay(): Promise<void> | undefined;
    answersWithin(milliseconds: number): Promise<boolean>;
    writeThrough(bytes: Buffer): void;
    drained(): Promise<void> | undefined;
    pause(): void;
    resume(): void;
    close(): void;
    destroy(reason: Error): void;
    terminateNow(): void;
    flush(): void;
    bytes(buffer: Buffer, start: number, end: number): void;
    room(): Buffer | undefined;
    closed(error: Error | undefined): void;
    exchangeEnded(session: Session): void;
    wrote(): void;
    notice(fields: DatabaseErrorFields): void;
    notification(notification: NotificationResponse): void;
    writeRefused(): void;
}

// dist/connection/exchanges/text-query.d.ts
import type { DatabaseErrorFields } from '../../errors';
import type { BindParameter, ByteReader } from '../../protocol';
import type { Exchange, ExchangeSession, Outcome } from '../session/exchange';
import { Phase } from '../session/phase';
import type { TextReader } from './text-script';
export interface TextStatement {
    readonly text: string;
    readonly name: string;
    readonly parameters: readonly BindParameter[];
    readonly rowLimit: number;
}
export declare class TextQuery implements Exchange {
    #private;
    readonly holdsSession: boolean;
    constructor(statement: TextStatement, named: Map<string, string>, reader: TextReader);
    write(session: ExchangeSession): Phase;
    fetch(rows: number): void;
    close(): void;
    row(buffer: Buffer, start: number, end: number): void;
    receive(tag: number, body: ByteReader, session: ExchangeSession): Phase;
    failed(fields: DatabaseErrorFields): void;
    ready(): Outcome;
    lost(error: Error): void;
}

// dist/connection/exchanges/text-script.d.ts
import type { DatabaseErrorFields } from '../../errors';
import type { ByteReader, Column } from '../../protocol';
import type { Exchange, ExchangeSession, Outcome } from '../session/exchange';
import { Phase } from '../session/phase';
export interface TextReader {
    columns(columns: readonly Column[]): void;
    row(values: (string | null)[]): void;
    complete(commandTag: string): void;
    suspended(): void;
    ended(error: DatabaseErrorFields | undefined): void;
    lost(error: Error): void;
}
export declare const NO_DATA_TO_COPY = "No source stream defined";
export declare class TextScript implements Exchange {
    #private;
    constructor(text: string, reader: TextReader);
    write(session: ExchangeSession): Phase;
    row(buffer: Buffer, start: number, end: number): void;
    receive(tag: number, body: ByteReader, session: ExchangeSession): Phase;
    failed(fields: DatabaseErrorFields): void;
    ready(): Outcome;
    lost(error: Error): void;
}

// dist/connection/flush-queue.d.ts
export interface Flushable {
    readonly inFlight: number;
    flush(): void;
}
export interface Moments {
    soon(flush: () => void): void;
    endOfTurn(flush: () => void): void;
}
export declare class FlushQueue {
    #private;
    busy: number;
    constructor(moments: Moments);
    add(flushable: Flushable): void;
}
export declare const flushQueue: FlushQueue;

// dist/connection/hosts/connect-failure.d.ts
import { DatabaseError } from '../../errors';
import type { DatabaseErrorFields } from '../../errors';
export interface Attempt {
    readonly server: string;
    readonly user: string;
    readonly database: string;
    readonly passwordSource: string;
    readonly databaseSource: string;
    readonly transactionTimeout: boolean;
}
export declare function refusedBy(fields: DatabaseErrorFields, attempt: Attempt): DatabaseError;
export declare function unreachable(error: unknown, attempt: Attempt): Error;
export declare function isTransientConnectFailure(error: unknown): boolean;
export declare function isFinalConnectFailure(error: unknown): boolean;

// dist/connection/hosts/host-order.d.ts
export declare const SILENT_MILLISECONDS = 60000;
export type OrderPolicy = 'sticky' | 'asGiven' | 'random';
export interface OrderSources {
    readonly now: () => number;
    readonly random: () => number;
}
export declare class HostOrder {
    #private;
    constructor(policy: OrderPolicy, sources: OrderSources);
    sort<T extends {
        readonly key: string;
    }>(items: readonly T[]): readonly T[];
    answered(key: string): void;
    failed(key: string): void;
}

// dist/connection/hosts/hosts.d.ts
import type { TargetSessionAttrs } from '../../config';
import type { TraceTarget } from '../../tracing';
import type { StopSignal } from '../attempts/stop-signal';
import type { Endpoint } from '../transport';
import type { Attempt } from './connect-failure';
import type { OrderPolicy, OrderSources } from './host-order';
import type { LookUp } from './look-up';
export interface Host {
    readonly endpoint: Endpoint;
    readonly attempt: Attempt;
    readonly password: string | undefined;
    readonly trace: TraceTarget;
}
export interface Unfit {
    readonly unfit: Error;
}
export type AttemptHost<T extends object> = (host: Host, wish: TargetSessionAttrs, signal: StopSignal) => Promise<T | Unfit>;
export interface Surroundings extends OrderSources {
    readonly lookUp: LookUp;
}
export interface HostsOptions {
    readonly hosts: readonly Host[];
    readonly target: TargetSessionAttrs;
    readonly policy: OrderPolicy;
    readonly timeoutMilliseconds: number;
}
export declare class Hosts {
    #private;
    constructor(options: HostsOptions, surroundings: Surroundings);
    find<T extends object>(attempt: AttemptHost<T>): Promise<T>;
}

// dist/connection/hosts/look-up.d.ts
export type LookUp = (host: string) => Promise<readonly string[]>;
export declare const lookUpBySystem: LookUp;

// dist/connection/rows/row-decoder.d.ts
import type { InlineDecoder } from '../../types';
export type RowDecoder = (buffer: Buffer, start: number, end: number) => Row;
export type Row = Record<string, unknown>;
export type ValueDecoder = (buffer: Buffer, start: number, end: number) => unknown;
export interface DecodedColumn {
    readonly name: string;
    readonly typeName: string;
    readonly decode: ValueDecoder;
    readonly inline?: InlineDecoder | undefined;
    readonly learn?: (() => ValueDecoder) | undefined;
}
export declare function buildRowDecoder(columns: readonly DecodedColumn[]): RowDecoder;
export declare function templateOf(columns: readonly DecodedColumn[]): Row;

// dist/connection/rows/tuned-decoder.d.ts
import type { DecodedColumn, RowDecoder } from './row-decoder';
export declare class TunedDecoder {
    #private;
    decode: RowDecoder;
    constructor(columns: readonly DecodedColumn[]);
    counted(rows: number): void;
}
export declare const COUNT_EVERY_ROWS = 1024;

// dist/connection/session/exchange.d.ts
import type { DatabaseErrorFields } from '../../errors';
import type { ByteReader, ByteWriter } from '../../protocol';
import type { PreparedStatements } from '../statements/prepared-statements';
import type { Phase } from './phase';
export type TransactionStatus = 'idle' | 'inTransaction' | 'failed';
export type Outcome = 'done'
 | 'again';
export interface ExchangeSession {
    readonly writer: ByteWriter;
    readonly statements: PreparedStatements;
    readonly inFlight: number;
    touched: boolean;
    readonly cancelling: boolean;
    proceed(exchange: Exchange, phase: Phase): void;
    wrote(): void;
}
export interface Exchange {
    readonly holdsSession?: boolean;
    write(session: ExchangeSession): Phase;
    row(buffer: Buffer, start: number, end: number): void;
    rowRun?(buffer: Buffer, start: number, end: number, count: number): void;
    receive(tag: number, body: ByteReader, session: ExchangeSession): Phase;
    failed(fields: DatabaseErrorFields): void;
    readonly started?: (() => void) | undefined;
    ready(status: TransactionStatus, session: ExchangeSession): Outcome;
    lost(error: Error): void;
}

// dist/connection/session/phase.d.ts
export declare const Phase: {
    readonly idle: 0;
    readonly closing: 1;
    readonly parsing: 2;
    readonly describingParameters: 3;
    readonly describingRows: 4;
    readonly binding: 5;
    readonly executing: 6;
    readonly copyingOut: 7;
    readonly suspended: 8;
    readonly simple: 9;
    readonly syncing: 10;
    readonly discarding: 11;
    readonly startingCopy: 12;
    readonly copyingIn: 13;
    readonly refusingCopy: 14;
    readonly endingCopy: 15;
};
export type Phase = (typeof Phase)[keyof typeof Phase];
export declare function isLegal(phase: Phase, tag: number): boolean;
export declare function describeIllegal(phase: Phase, tag: number): string;

// dist/connection/session/session.d.ts
import type { DatabaseErrorFields } from '../../errors';
import type { ByteWriter, FrameDecoder, NotificationResponse } from '../../protocol';
import type { PreparedStatements } from '../statements/prepared-statements';
import type { Exchange, ExchangeSession, TransactionStatus } from './exchange';
import { Phase } from './phase';
export interface SessionEvents {
    exchangeEnded(session: Session): void;
    wrote(): void;
    notice(fields: DatabaseErrorFields): void;
    notification(notification: NotificationResponse): void;
    writeRefused?(): void;
}
export declare class Session implements ExchangeSession {
    #private;
    readonly writer: ByteWriter;
    readonly statements: PreparedStatements;
    readonly parameters: Map<string, string>;
    transactionStatus: TransactionStatus;
    touched: boolean;
    cancelling: boolean;
    farewell: DatabaseErrorFields | undefined;
    sent: number;
    flushed: number;
    constructor(writer: ByteWriter, decoder: FrameDecoder, statements: PreparedStatements, parameters: Map<string, string>, events: SessionEvents);
    get inFlight(): number;
    get awaitsServer(): boolean;
    get isCopyingIn(): boolean;
    get current(): Exchange | undefined;
    send(exchange: Exchange): boolean;
    proceed(exchange: Exchange, phase: Phase): void;
    wrote(): void;
    receive(buffer: Buffer, start: number, end: number): void;
    lendRoom(): Buffer | undefined;
    abandon(error: (before: number) => Error): void;
}

// dist/connection/statements/prepared-statements.d.ts
import type { ResultShape } from './result-shape';
import type { Statement } from './statement';
export declare class PreparedStatement {
    readonly statement: Statement;
    readonly name: string;
    described: boolean;
    shape: ResultShape | undefined;
    lastUse: number;
    place: number;
    constructor(statement: Statement, name: string);
}
export declare class PreparedStatements {
    #private;
    constructor(limit: number, alwaysNamed?: boolean);
    get size(): number;
    find(statement: Statement): PreparedStatement | undefined;
    add(statement: Statement): PreparedStatement;
    has(prepared: PreparedStatement): boolean;
    forget(prepared: PreparedStatement): boolean;
    discard(prepared: PreparedStatement): void;
    clear(): void;
    takeToClose(): readonly string[];
    giveBackToClose(names: readonly string[]): void;
}
export declare function isStale(error: {
    readonly code?: string | undefined;
    readonly routine?: string | undefined;
}): boolean;

// dist/connection/statements/result-shape.d.ts
import type { Column } from '../../protocol';
import type { TypeRegistry } from '../../types';
import { TunedDecoder } from '../rows/tuned-decoder';
export declare class ResultShape {
    #private;
    readonly columns: readonly Column[];
    readonly formats: readonly number[];
    readonly unknownTypes: readonly number[];
    constructor(columns: readonly Column[], registry: TypeRegistry);
    get mixed(): TunedDecoder;
    get text(): TunedDecoder;
    isCurrent(registry: TypeRegistry): boolean;
    describes(columns: readonly Column[]): boolean;
}

// dist/connection/statements/statement.d.ts
import type { ResultShape } from './result-shape';
export declare function textWithComment(text: string, comment: string): string;
export declare class Statement {
    readonly text: string;
    readonly name: string;
    lastUse: number;
    parameterTypes: readonly number[] | undefined;
    shape: ResultShape | undefined;
    alone: boolean;
    readonly leavesTraces: boolean;
    readonly undoneByFailure: boolean;
    readonly copiesIn: boolean;
    constructor(text: string, leavesTraces?: boolean);
    get transactionLocal(): boolean;
    get commitsInParts(): boolean;
}

// dist/connection/transport/index.d.ts
import type { StopSignal } from '../attempts/stop-signal';
import type { TransportOptions } from './options';
import { Transport } from './transport';
export { isIP } from 'node:net';
export { Transport } from './transport';
export type { TransportEvents } from './transport';
export type { Endpoint, TlsPlan, TransportOptions } from './options';
export declare function openTransport(options: TransportOptions, signal: StopSignal): Promise<Transport>;

// dist/connection/transport/lent-reads.d.ts
import type { OnReadOpts } from 'node:net';
export interface Reader {
    bytes(buffer: Buffer, start: number, end: number): void;
    room?(): Buffer | undefined;
}
export declare class LentReads {
    reader: Reader | undefined;
    paused: boolean;
    onread(): OnReadOpts;
}

// dist/connection/transport/options.d.ts
import type { ConnectionOptions as NodeTlsOptions } from 'node:tls';
import type { SocketFunction } from '../../config';
import type { ObserveConnect } from '../attempts/connect-events';
export interface Endpoint {
    readonly host: string;
    readonly address?: string | undefined;
    readonly port: number;
    readonly socketPath?: string | undefined;
}
export interface TlsPlan {
    readonly use: 'no' | 'ifOffered' | 'always';
    readonly direct: boolean;
    readonly sni: boolean;
    readonly options: NodeTlsOptions;
}
export interface TransportOptions {
    readonly endpoint: Endpoint;
    readonly tls: TlsPlan;
    readonly keepAlive: boolean;
    readonly keepAliveInitialDelayMilliseconds: number;
    readonly observe?: ObserveConnect | undefined;
    readonly socket: SocketFunction | undefined;
}

// dist/connection/transport/transport.d.ts
import type { Duplex } from 'node:stream';
import type { LentReads } from './lent-reads';
export interface TransportEvents {
    bytes(buffer: Buffer, start: number, end: number): void;
    room?(): Buffer | undefined;
    closed(error: Error | undefined): void;
}
export declare class Transport {
    #private;
    readonly encrypted: boolean;
    constructor(socket: Duplex, carrier: Duplex, reads?: LentReads, copies?: boolean);
    get open(): boolean;
    get unsentBytes(): number;
    get peer(): {
        readonly address: string;
        readonly port: number;
    } | undefined;
    get peerCertificate(): Buffer | undefined;
    listen(events: TransportEvents): void;
    write(bytes: Buffer): void;
    writeLent(bytes: Buffer, free: (bytes: Buffer) => void): void;
    drained(): Promise<void> | undefined;
    end(bytes: Buffer): void;
    destroy(): void;
    pause(): void;
    resume(): void;
    ref(): void;
    unref(): void;
}

// dist/errors/authentication-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type AuthenticationErrorCode = 
'PG_PASSWORD_MISSING'
 | 'PG_AUTHENTICATION_UNSUPPORTED'
 | 'PG_AUTHENTICATION_REFUSED'
 | 'PG_SERVER_NOT_PROVEN';
export declare class AuthenticationError extends PgError {
    readonly code: AuthenticationErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: AuthenticationErrorCode;
    });
}

// dist/errors/base.d.ts
export type Sent = 'no' | 'maybe';
export interface PgErrorOptions {
    readonly sent?: Sent;
    readonly cause?: unknown;
}
export declare abstract class PgError extends Error {
    abstract readonly code: string;
    readonly sent: Sent;
    constructor(message: string, options?: PgErrorOptions);
}
export declare function nameErrorClass(errorClass: {
    prototype: Error;
}, name: string): void;

// dist/errors/configuration-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type ConfigurationErrorCode = 'PG_CONFIGURATION_INVALID' | 'PG_CONFIGURATION_MISSING';
export declare class ConfigurationError extends PgError {
    readonly code: ConfigurationErrorCode;
    readonly source: string | undefined;
    constructor(message: string, options?: PgErrorOptions & {
        code?: ConfigurationErrorCode;
        source?: string;
    });
}

// dist/errors/connection-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type ConnectionErrorCode = 
'PG_CONNECT_FAILED'
 | 'PG_CONNECTION_LOST';
export declare class ConnectionError extends PgError {
    readonly code: ConnectionErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: ConnectionErrorCode;
    });
}

// dist/errors/database-error.d.ts
import { PgError } from './base';
import type { Sent } from './base';
export interface DatabaseErrorFields {
    readonly severity?: string;
    readonly severityNonLocalized?: string;
    readonly code?: string;
    readonly message: string;
    readonly detail?: string;
    readonly hint?: string;
    readonly position?: string;
    readonly internalPosition?: string;
    readonly internalQuery?: string;
    readonly where?: string;
    readonly schema?: string;
    readonly table?: string;
    readonly column?: string;
    readonly dataType?: string;
    readonly constraint?: string;
    readonly file?: string;
    readonly line?: string;
    readonly routine?: string;
}
export interface DatabaseErrorContext {
    readonly queryText?: string;
    readonly advice?: string;
    readonly sent?: Sent;
}
export declare class DatabaseError extends PgError {
    readonly code: string;
    readonly severity: string | undefined;
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
    constructor(fields: DatabaseErrorFields, context?: DatabaseErrorContext);
}

// dist/errors/is-sql-error.d.ts
import { SQLErrorCode } from './sqlstate.generated';
export interface SQLError extends Error {
    code: SQLErrorCode;
    severity: string;
    detail?: string | undefined;
    hint?: string | undefined;
    position?: string | undefined;
    internalPosition?: string | undefined;
    internalQuery?: string | undefined;
    where?: string | undefined;
    schema?: string | undefined;
    table?: string | undefined;
    column?: string | undefined;
    dataType?: string | undefined;
    constraint?: string | undefined;
    file?: string | undefined;
    line?: string | undefined;
    routine?: string | undefined;
}
export declare function isSQLError(error: unknown): error is SQLError;

// dist/errors/protocol-error.d.ts
import { PgError } from './base';
export declare class ProtocolError extends PgError {
    readonly code = "PG_PROTOCOL_VIOLATION";
}

// dist/errors/sqlstate.generated.d.ts
export declare enum SQLErrorCode {
    SUCCESSFUL_COMPLETION = "00000",
    WARNING = "01000",
    NULL_VALUE_ELIMINATED_IN_SET_FUNCTION = "01003",
    WARNING_STRING_DATA_RIGHT_TRUNCATION = "01004",
    PRIVILEGE_NOT_REVOKED = "01006",
    PRIVILEGE_NOT_GRANTED = "01007",
    IMPLICIT_ZERO_BIT_PADDING = "01008",
    DYNAMIC_RESULT_SETS_RETURNED = "0100C",
    DEPRECATED_FEATURE = "01P01",
    NO_DATA = "02000",
    NO_ADDITIONAL_DYNAMIC_RESULT_SETS_RETURNED = "02001",
    SQL_STATEMENT_NOT_YET_COMPLETE = "03000",
    CONNECTION_EXCEPTION = "08000",
    SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION = "08001",
    CONNECTION_DOES_NOT_EXIST = "08003",
    SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION = "08004",
    CONNECTION_FAILURE = "08006",
    TRANSACTION_RESOLUTION_UNKNOWN = "08007",
    PROTOCOL_VIOLATION = "08P01",
    TRIGGERED_ACTION_EXCEPTION = "09000",
    FEATURE_NOT_SUPPORTED = "0A000",
    INVALID_TRANSACTION_INITIATION = "0B000",
    LOCATOR_EXCEPTION = "0F000",
    INVALID_LOCATOR_SPECIFICATION = "0F001",
    INVALID_GRANTOR = "0L000",
    INVALID_GRANT_OPERATION = "0LP01",
    INVALID_ROLE_SPECIFICATION = "0P000",
    DIAGNOSTICS_EXCEPTION = "0Z000",
    STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER = "0Z002",
    INVALID_ARGUMENT_FOR_XQUERY = "10608",
    CASE_NOT_FOUND = "20000",
    CARDINALITY_VIOLATION = "21000",
    DATA_EXCEPTION = "22000",
    STRING_DATA_RIGHT_TRUNCATION = "22001",
    NULL_VALUE_NO_INDICATOR_PARAMETER = "22002",
    NUMERIC_VALUE_OUT_OF_RANGE = "22003",
    ERROR_IN_ASSIGNMENT = "22005",
    INVALID_DATETIME_FORMAT = "22007",
    DATETIME_FIELD_OVERFLOW = "22008",
    INVALID_TIME_ZONE_DISPLACEMENT_VALUE = "22009",
    ESCAPE_CHARACTER_CONFLICT = "2200B",
    INVALID_USE_OF_ESCAPE_CHARACTER = "2200C",
    INVALID_ESCAPE_OCTET = "2200D",
    ZERO_LENGTH_CHARACTER_STRING = "2200F",
    MOST_SPECIFIC_TYPE_MISMATCH = "2200G",
    SEQUENCE_GENERATOR_LIMIT_EXCEEDED = "2200H",
    NOT_AN_XML_DOCUMENT = "2200L",
    INVALID_XML_DOCUMENT = "2200M",
    INVALID_XML_CONTENT = "2200N",
    INVALID_XML_COMMENT = "2200S",
    INVALID_XML_PROCESSING_INSTRUCTION = "2200T",
    INVALID_INDICATOR_PARAMETER_VALUE = "22010",
    SUBSTRING_ERROR = "22011",
    DIVISION_BY_ZERO = "22012",
    INVALID_PRECEDING_OR_FOLLOWING_SIZE = "22013",
    INVALID_ARGUMENT_FOR_NTILE_FUNCTION = "22014",
    INTERVAL_FIELD_OVERFLOW = "22015",
    INVALID_ARGUMENT_FOR_NTH_VALUE_FUNCTION = "22016",
    INVALID_CHARACTER_VALUE_FOR_CAST = "22018",
    INVALID_ESCAPE_CHARACTER = "22019",
    INVALID_REGULAR_EXPRESSION = "2201B",
    INVALID_ARGUMENT_FOR_LOGARITHM = "2201E",
    INVALID_ARGUMENT_FOR_POWER_FUNCTION = "2201F",
    INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION = "2201G",
    INVALID_ROW_COUNT_IN_LIMIT_CLAUSE = "2201W",
    INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE = "2201X",
    CHARACTER_NOT_IN_REPERTOIRE = "22021",
    INDICATOR_OVERFLOW = "22022",
    INVALID_PARAMETER_VALUE = "22023",
    UNTERMINATED_C_STRING = "22024",
    INVALID_ESCAPE_SEQUENCE = "22025",
    STRING_DATA_LENGTH_MISMATCH = "22026",
    TRIM_ERROR = "22027",
    ARRAY_SUBSCRIPT_ERROR = "2202E",
    INVALID_TABLESAMPLE_REPEAT = "2202G",
    INVALID_TABLESAMPLE_ARGUMENT = "2202H",
    DUPLICATE_JSON_OBJECT_KEY_VALUE = "22030",
    INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION = "22031",
    INVALID_JSON_TEXT = "22032",
    INVALID_SQL_JSON_SUBSCRIPT = "22033",
    MORE_THAN_ONE_SQL_JSON_ITEM = "22034",
    NO_SQL_JSON_ITEM = "22035",
    NON_NUMERIC_SQL_JSON_ITEM = "22036",
    NON_UNIQUE_KEYS_IN_A_JSON_OBJECT = "22037",
    SINGLETON_SQL_JSON_ITEM_REQUIRED = "22038",
    SQL_JSON_ARRAY_NOT_FOUND = "22039",
    SQL_JSON_MEMBER_NOT_FOUND = "2203A",
    SQL_JSON_NUMBER_NOT_FOUND = "2203B",
    SQL_JSON_OBJECT_NOT_FOUND = "2203C",
    TOO_MANY_JSON_ARRAY_ELEMENTS = "2203D",
    TOO_MANY_JSON_OBJECT_MEMBERS = "2203E",
    SQL_JSON_SCALAR_REQUIRED = "2203F",
    SQL_JSON_ITEM_CANNOT_BE_CAST_TO_TARGET_TYPE = "2203G",
    FLOATING_POINT_EXCEPTION = "22P01",
    INVALID_TEXT_REPRESENTATION = "22P02",
    INVALID_BINARY_REPRESENTATION = "22P03",
    BAD_COPY_FILE_FORMAT = "22P04",
    UNTRANSLATABLE_CHARACTER = "22P05",
    NONSTANDARD_USE_OF_ESCAPE_CHARACTER = "22P06",
    INTEGRITY_CONSTRAINT_VIOLATION = "23000",
    RESTRICT_VIOLATION = "23001",
    NOT_NULL_VIOLATION = "23502",
    FOREIGN_KEY_VIOLATION = "23503",
    UNIQUE_VIOLATION = "23505",
    CHECK_VIOLATION = "23514",
    EXCLUSION_VIOLATION = "23P01",
    INVALID_CURSOR_STATE = "24000",
    INVALID_TRANSACTION_STATE = "25000",
    ACTIVE_SQL_TRANSACTION = "25001",
    BRANCH_TRANSACTION_ALREADY_ACTIVE = "25002",
    INAPPROPRIATE_ACCESS_MODE_FOR_BRANCH_TRANSACTION = "25003",
    INAPPROPRIATE_ISOLATION_LEVEL_FOR_BRANCH_TRANSACTION = "25004",
    NO_ACTIVE_SQL_TRANSACTION_FOR_BRANCH_TRANSACTION = "25005",
    READ_ONLY_SQL_TRANSACTION = "25006",
    SCHEMA_AND_DATA_STATEMENT_MIXING_NOT_SUPPORTED = "25007",
    HELD_CURSOR_REQUIRES_SAME_ISOLATION_LEVEL = "25008",
    NO_ACTIVE_SQL_TRANSACTION = "25P01",
    IN_FAILED_SQL_TRANSACTION = "25P02",
    IDLE_IN_TRANSACTION_SESSION_TIMEOUT = "25P03",
    TRANSACTION_TIMEOUT = "25P04",
    INVALID_SQL_STATEMENT_NAME = "26000",
    TRIGGERED_DATA_CHANGE_VIOLATION = "27000",
    INVALID_AUTHORIZATION_SPECIFICATION = "28000",
    INVALID_PASSWORD = "28P01",
    DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST = "2B000",
    DEPENDENT_OBJECTS_STILL_EXIST = "2BP01",
    INVALID_TRANSACTION_TERMINATION = "2D000",
    SQL_ROUTINE_EXCEPTION = "2F000",
    S_R_E_MODIFYING_SQL_DATA_NOT_PERMITTED = "2F002",
    S_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED = "2F003",
    S_R_E_READING_SQL_DATA_NOT_PERMITTED = "2F004",
    FUNCTION_EXECUTED_NO_RETURN_STATEMENT = "2F005",
    INVALID_CURSOR_NAME = "34000",
    EXTERNAL_ROUTINE_EXCEPTION = "38000",
    CONTAINING_SQL_NOT_PERMITTED = "38001",
    MODIFYING_SQL_DATA_NOT_PERMITTED = "38002",
    PROHIBITED_SQL_STATEMENT_ATTEMPTED = "38003",
    READING_SQL_DATA_NOT_PERMITTED = "38004",
    EXTERNAL_ROUTINE_INVOCATION_EXCEPTION = "39000",
    INVALID_SQLSTATE_RETURNED = "39001",
    NULL_VALUE_NOT_ALLOWED = "39004",
    TRIGGER_PROTOCOL_VIOLATED = "39P01",
    SRF_PROTOCOL_VIOLATED = "39P02",
    EVENT_TRIGGER_PROTOCOL_VIOLATED = "39P03",
    SAVEPOINT_EXCEPTION = "3B000",
    INVALID_SAVEPOINT_SPECIFICATION = "3B001",
    INVALID_CATALOG_NAME = "3D000",
    INVALID_SCHEMA_NAME = "3F000",
    TRANSACTION_ROLLBACK = "40000",
    SERIALIZATION_FAILURE = "40001",
    TRANSACTION_INTEGRITY_CONSTRAINT_VIOLATION = "40002",
    STATEMENT_COMPLETION_UNKNOWN = "40003",
    DEADLOCK_DETECTED = "40P01",
    SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION = "42000",
    INSUFFICIENT_PRIVILEGE = "42501",
    SYNTAX_ERROR = "42601",
    INVALID_NAME = "42602",
    INVALID_COLUMN_DEFINITION = "42611",
    NAME_TOO_LONG = "42622",
    DUPLICATE_COLUMN = "42701",
    AMBIGUOUS_COLUMN = "42702",
    UNDEFINED_COLUMN = "42703",
    UNDEFINED_OBJECT = "42704",
    DUPLICATE_OBJECT = "42710",
    DUPLICATE_ALIAS = "42712",
    DUPLICATE_FUNCTION = "42723",
    AMBIGUOUS_FUNCTION = "42725",
    GROUPING_ERROR = "42803",
    DATATYPE_MISMATCH = "42804",
    WRONG_OBJECT_TYPE = "42809",
    INVALID_FOREIGN_KEY = "42830",
    CANNOT_COERCE = "42846",
    UNDEFINED_FUNCTION = "42883",
    GENERATED_ALWAYS = "428C9",
    RESERVED_NAME = "42939",
    UNDEFINED_TABLE = "42P01",
    UNDEFINED_PARAMETER = "42P02",
    DUPLICATE_CURSOR = "42P03",
    DUPLICATE_DATABASE = "42P04",
    DUPLICATE_PREPARED_STATEMENT = "42P05",
    DUPLICATE_SCHEMA = "42P06",
    DUPLICATE_TABLE = "42P07",
    AMBIGUOUS_PARAMETER = "42P08",
    AMBIGUOUS_ALIAS = "42P09",
    INVALID_COLUMN_REFERENCE = "42P10",
    INVALID_CURSOR_DEFINITION = "42P11",
    INVALID_DATABASE_DEFINITION = "42P12",
    INVALID_FUNCTION_DEFINITION = "42P13",
    INVALID_PREPARED_STATEMENT_DEFINITION = "42P14",
    INVALID_SCHEMA_DEFINITION = "42P15",
    INVALID_TABLE_DEFINITION = "42P16",
    INVALID_OBJECT_DEFINITION = "42P17",
    INDETERMINATE_DATATYPE = "42P18",
    INVALID_RECURSION = "42P19",
    WINDOWING_ERROR = "42P20",
    COLLATION_MISMATCH = "42P21",
    INDETERMINATE_COLLATION = "42P22",
    WITH_CHECK_OPTION_VIOLATION = "44000",
    INSUFFICIENT_RESOURCES = "53000",
    DISK_FULL = "53100",
    OUT_OF_MEMORY = "53200",
    TOO_MANY_CONNECTIONS = "53300",
    CONFIGURATION_LIMIT_EXCEEDED = "53400",
    PROGRAM_LIMIT_EXCEEDED = "54000",
    STATEMENT_TOO_COMPLEX = "54001",
    TOO_MANY_COLUMNS = "54011",
    TOO_MANY_ARGUMENTS = "54023",
    OBJECT_NOT_IN_PREREQUISITE_STATE = "55000",
    OBJECT_IN_USE = "55006",
    CANT_CHANGE_RUNTIME_PARAM = "55P02",
    LOCK_NOT_AVAILABLE = "55P03",
    UNSAFE_NEW_ENUM_VALUE_USAGE = "55P04",
    OPERATOR_INTERVENTION = "57000",
    QUERY_CANCELED = "57014",
    ADMIN_SHUTDOWN = "57P01",
    CRASH_SHUTDOWN = "57P02",
    CANNOT_CONNECT_NOW = "57P03",
    DATABASE_DROPPED = "57P04",
    IDLE_SESSION_TIMEOUT = "57P05",
    SYSTEM_ERROR = "58000",
    IO_ERROR = "58030",
    UNDEFINED_FILE = "58P01",
    DUPLICATE_FILE = "58P02",
    FILE_NAME_TOO_LONG = "58P03",
    CONFIG_FILE_ERROR = "F0000",
    LOCK_FILE_EXISTS = "F0001",
    FDW_ERROR = "HV000",
    FDW_OUT_OF_MEMORY = "HV001",
    FDW_DYNAMIC_PARAMETER_VALUE_NEEDED = "HV002",
    FDW_INVALID_DATA_TYPE = "HV004",
    FDW_COLUMN_NAME_NOT_FOUND = "HV005",
    FDW_INVALID_DATA_TYPE_DESCRIPTORS = "HV006",
    FDW_INVALID_COLUMN_NAME = "HV007",
    FDW_INVALID_COLUMN_NUMBER = "HV008",
    FDW_INVALID_USE_OF_NULL_POINTER = "HV009",
    FDW_INVALID_STRING_FORMAT = "HV00A",
    FDW_INVALID_HANDLE = "HV00B",
    FDW_INVALID_OPTION_INDEX = "HV00C",
    FDW_INVALID_OPTION_NAME = "HV00D",
    FDW_OPTION_NAME_NOT_FOUND = "HV00J",
    FDW_REPLY_HANDLE = "HV00K",
    FDW_UNABLE_TO_CREATE_EXECUTION = "HV00L",
    FDW_UNABLE_TO_CREATE_REPLY = "HV00M",
    FDW_UNABLE_TO_ESTABLISH_CONNECTION = "HV00N",
    FDW_NO_SCHEMAS = "HV00P",
    FDW_SCHEMA_NOT_FOUND = "HV00Q",
    FDW_TABLE_NOT_FOUND = "HV00R",
    FDW_FUNCTION_SEQUENCE_ERROR = "HV010",
    FDW_TOO_MANY_HANDLES = "HV014",
    FDW_INCONSISTENT_DESCRIPTOR_INFORMATION = "HV021",
    FDW_INVALID_ATTRIBUTE_VALUE = "HV024",
    FDW_INVALID_STRING_LENGTH_OR_BUFFER_LENGTH = "HV090",
    FDW_INVALID_DESCRIPTOR_FIELD_IDENTIFIER = "HV091",
    PLPGSQL_ERROR = "P0000",
    RAISE_EXCEPTION = "P0001",
    NO_DATA_FOUND = "P0002",
    TOO_MANY_ROWS = "P0003",
    ASSERT_FAILURE = "P0004",
    INTERNAL_ERROR = "XX000",
    DATA_CORRUPTED = "XX001",
    INDEX_CORRUPTED = "XX002"
}
export declare const UNNAMED_SQLSTATES: readonly string[];

// dist/errors/timeout-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type TimeoutErrorCode = 'PG_CONNECT_TIMEOUT' | 'PG_QUERY_TIMEOUT' | 'PG_ACQUIRE_LOCK_TIMEOUT'
 | 'CONNECTION_POOL:QUEUE_TIMEOUT';
export declare class TimeoutError extends PgError {
    readonly code: TimeoutErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: TimeoutErrorCode;
    });
}

// dist/errors/transaction-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type TransactionErrorCode = 
'PG_TRANSACTION_ROLLED_BACK'
 | 'PG_COMMIT_OUTCOME_UNKNOWN';
export declare class TransactionError extends PgError {
    readonly code: TransactionErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: TransactionErrorCode;
    });
}

// dist/errors/usage-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type UsageErrorCode = 
'PG_NOT_A_QUERY' | 'PG_INVALID_ARGUMENT'
 | 'PG_USED_AFTER_END'
 | 'PG_SELF_DEADLOCK'
 | 'PG_CONNECTION_HELD';
export declare class UsageError extends PgError {
    readonly code: UsageErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: UsageErrorCode;
    });
}

// dist/errors/value-error.d.ts
import { PgError } from './base';
import type { PgErrorOptions } from './base';
export type ValueErrorCode = 
'PG_PARAMETER_INVALID'
 | 'PG_VALUE_OUT_OF_RANGE'
 | 'PG_VALUE_MALFORMED';
export declare class ValueError extends PgError {
    readonly code: ValueErrorCode;
    constructor(message: string, options: PgErrorOptions & {
        code: ValueErrorCode;
    });
}

// dist/index.d.mts
import api from './index.js';
export default api;
export declare const shared: typeof api.shared, sql: typeof api.sql, isSqlQuery: typeof api.isSqlQuery, pgFormat: api.sql.FormatConfig, SQLErrorCode: typeof api.SQLErrorCode, isSQLError: typeof api.isSQLError, DataTypeID: typeof api.DataTypeID, PostgresInterval: typeof api.PostgresInterval, QueryableType: typeof api.QueryableType, IsolationLevel: typeof api.IsolationLevel, isTransaction: typeof api.isTransaction, isConnection: typeof api.isConnection, isConnectionPool: typeof api.isConnectionPool, PgError: typeof api.PgError, AuthenticationError: typeof api.AuthenticationError, ConfigurationError: typeof api.ConfigurationError, ConnectionError: typeof api.ConnectionError, DatabaseError: typeof api.DatabaseError, ProtocolError: typeof api.ProtocolError, TimeoutError: typeof api.TimeoutError, TransactionError: typeof api.TransactionError, UsageError: typeof api.UsageError, ValueError: typeof api.ValueError;
export type QueryableType = api.QueryableType;
export type IsolationLevel = api.IsolationLevel;
export type SQLErrorCode = api.SQLErrorCode;
export type { AnotherPoolOptions, QueryNodeStreamOptions, QueryStreamOptions, ResultRow, RowStream, SQLQuery, SQLError, Shareable, Queryable, Transaction, Connection, ConnectionPool, TransactionOptions, PipelineOutcome, QueryHearer, QueryOptions, Subscription, Notification, NotificationGap, ListenOptions, CopyItem, CopyOptions, DisposeOptions, CopySource, PoolStats, LaneStats, LeaseStats, RunningStats, WaiterStats, FailureStats, InspectorHandler, InspectorOptions, PoolLimits, PoolTotals, StatementStats, AcquireTrace, CancelTrace, ConnectTrace, PoolTrace, QueryTrace, ReleaseTrace, StreamTrace, TransactionTrace, ClientConfig, ConnectionPoolConfig, } from './index.js';

// dist/index.d.ts
import sql, { isSqlQuery, pgFormat } from '@databases/sql';
import type { SQLQuery } from '@databases/sql';
import type { AnotherPoolOptions, Connection, ConnectionPool, ListenOptions, Notification, NotificationGap, CopyItem, CopyOptions, DisposeOptions, CopySource, PoolStats, LaneStats, LeaseStats, RunningStats, WaiterStats, FailureStats, InspectorHandler, InspectorOptions, PoolLimits, PoolTotals, StatementStats, QueryNodeStreamOptions, PipelineOutcome, QueryHearer, QueryOptions, QueryStreamOptions, Queryable, ResultRow, RowStream, Subscription, Transaction, TransactionOptions } from './client';
import { IsolationLevel, QueryableType, isConnection, isConnectionPool, isTransaction } from './client/api/queryable';
import type { ConnectionPoolConfig as PoolConfig } from './config';
import { AuthenticationError, ConfigurationError, ConnectionError, DatabaseError, PgError, ProtocolError, SQLErrorCode, TimeoutError, TransactionError, UsageError, ValueError, isSQLError } from './errors';
import type { SQLError } from './errors';
import type { Shareable } from './shared-pools';
import type { AcquireTrace, CancelTrace, ConnectTrace, PoolTrace, QueryTrace, ReleaseTrace, StreamTrace, TransactionTrace } from './tracing';
import { DataTypeID } from './types/data-type-id.generated';
import { PostgresInterval } from './types/interval';
interface ConnectionPoolConfig extends PoolConfig<SQLQuery> {
}
declare function createConnectionPool(options?: string | ConnectionPoolConfig): ConnectionPool;
declare function shared(name: string, options?: string | ConnectionPoolConfig): ConnectionPool;
declare function shared<T extends Shareable>(name: string, make: () => T): T;
declare namespace createConnectionPool {
    export { createConnectionPool as default, shared, sql, isSqlQuery, pgFormat, SQLErrorCode, isSQLError, DataTypeID, PostgresInterval, QueryableType, IsolationLevel, isTransaction, isConnection, isConnectionPool, PgError, AuthenticationError, ConfigurationError, ConnectionError, DatabaseError, ProtocolError, TimeoutError, TransactionError, UsageError, ValueError, };
    export type { AnotherPoolOptions, QueryNodeStreamOptions, QueryStreamOptions, ResultRow, RowStream, SQLQuery, SQLError, Shareable, Queryable, Transaction, Connection, ConnectionPool, TransactionOptions, PipelineOutcome, QueryHearer, QueryOptions, Subscription, Notification, NotificationGap, ListenOptions, CopyItem, CopyOptions, DisposeOptions, CopySource, PoolStats, LaneStats, LeaseStats, RunningStats, WaiterStats, FailureStats, InspectorHandler, InspectorOptions, PoolLimits, PoolTotals, StatementStats, AcquireTrace, CancelTrace, ConnectTrace, PoolTrace, QueryTrace, ReleaseTrace, StreamTrace, TransactionTrace, ConnectionPoolConfig, ConnectionPoolConfig as ClientConfig, };
}
export = createConnectionPool;

// dist/machine-sources.d.ts
import type { ConfigSources } from './config';
export declare function machineSources(): ConfigSources;

// dist/pool/cost-estimate.d.ts
export declare class CostEstimate {
    meanMilliseconds: number;
    answers: number;
    answerMilliseconds: number;
    longestAnswerMilliseconds: number;
    count(milliseconds: number): void;
    record(milliseconds: number): void;
}

// dist/pool/lane-policy.d.ts
export declare const SLOW_MILLISECONDS = 5;
export declare const OVERDUE_MILLISECONDS = 1;
export declare const OVERDUE_FACTOR = 4;
export declare const DEFAULT_MAX_PIPELINE = 16;
export declare const ROUND_TRIP_PER_TASK_MILLISECONDS = 0.1;
export declare const DISTANT_MAX_PIPELINE = 128;
export declare const ROUND_TRIP_JITTER = 0.25;
export declare const REFILL_FRACTION = 0.5;
export declare const LEAST_RESERVED_FRACTION = 0.1;
export declare const MOST_RESERVED_FRACTION = 0.2;
export type WorkKind = 'fast' | 'alone' | 'slow';
export interface WorkCost {
    readonly alone: boolean;
    readonly cost: {
        readonly meanMilliseconds: number;
    };
}
export declare function kindOf(work: WorkCost): WorkKind;
export declare function reserveLimits(max: number): {
    readonly least: number;
    readonly most: number;
};
export declare function refillDepth(maxPipeline: number): number;
export declare function depthFor(roundTripMilliseconds: number): number;
export declare function underWayUntil(sentAt: number, roundTripMilliseconds: number): number;
export interface LaneLoad {
    readonly refilling: boolean;
    readonly expectedMilliseconds: number;
    readonly headSince: number;
    readonly headMeanMilliseconds: number;
}
export declare function isOverdue(load: LaneLoad, now: number): boolean;
export declare function accepts(load: LaneLoad, meanMilliseconds: number, now: number): boolean;

// dist/pool/lane.d.ts
import type { CostEstimate } from './cost-estimate';
import type { LaneLoad } from './lane-policy';
import type { Lease } from './lease';
import { Fifo } from './queue';
import type { Queued } from './queue';
export interface Task<R> extends Queued<Task<R>> {
    readonly cost: CostEstimate;
    readonly alone: boolean;
    readonly holder?: object | undefined;
    readonly followUp?: boolean | undefined;
    lane: Lane<R> | undefined;
    startedAt: number;
    queuedAt?: number;
    expectedMilliseconds?: number;
    readonly purpose?: string | undefined;
    describe?(): string | undefined;
    readonly site?: {
        toString(): string;
    } | undefined;
    start(resource: R): void;
    fail(error: Error): void;
}
export type LanePhase = 'free' | 'idle' | 'verifying' | 'pipelining' | 'draining' | 'alone' | 'slow' | 'leased' | 'gone';
export declare class Lane<R> implements LaneLoad {
    #private;
    readonly resource: R;
    retireAt: number;
    phase: LanePhase;
    lease: Lease<R> | undefined;
    uses: number;
    refilling: boolean;
    expectedMilliseconds: number;
    headSince: number;
    openedAt: number;
    idleSince: number;
    idleSinceTimeOfDay: number;
    readonly tasks: Fifo<Task<R>>;
    constructor(resource: R, 
    maxPipeline: number | undefined, 
    retireAt: number, 
    roundTripMilliseconds: number);
    get headMeanMilliseconds(): number;
    enter(phase: LanePhase): void;
    begin(task: Task<R>, now: number): void;
    end(task: Task<R>, now: number, answered: boolean): void;
    abandon(): void;
}

// dist/pool/lease.d.ts
export interface LeaseOrigin {
    readonly holder: object | undefined;
    readonly label: string | undefined;
    readonly site: {
        toString(): string;
    } | undefined;
}
export interface LeaseOwner<R> {
    end(lease: Lease<R>, reason: Error | undefined): void;
}
export declare class Lease<R> {
    #private;
    readonly resource: R;
    readonly origin: LeaseOrigin;
    readonly leasedAt: number;
    constructor(resource: R, origin: LeaseOrigin, 
    leasedAt: number, owner: LeaseOwner<R>);
    release(): void;
    destroy(reason: Error): void;
}

// dist/pool/pool-options.d.ts
import type { LanePhase } from './lane';
export interface ResourceFactory<R> {
    open(): Promise<R>;
    opened?(resource: R): void;
    close(resource: R): Promise<void>;
    destroy(resource: R, reason: Error): void;
    usable(resource: R): boolean;
    failureOf?(resource: R): Error | undefined;
    verify?(resource: R): Promise<boolean>;
    roundTripMilliseconds?(resource: R): number;
    lastWork?(resource: R): string | undefined;
    facts?(resource: R): ResourceFacts;
    isTransient?(error: unknown): boolean;
    isFinal?(error: unknown): boolean;
}
export interface ResourceFacts {
    readonly processId: number | undefined;
    readonly preparedStatements: number;
    readonly work: {
        readonly text: string;
        readonly since: number;
    } | undefined;
}
export interface PoolOptions {
    readonly max: number;
    readonly idleTimeoutMilliseconds: number;
    readonly maxUses: number;
    readonly verifyAfterIdleMilliseconds?: number | undefined;
    readonly timeOfDay?: (() => number) | undefined;
    readonly queueTimeoutMilliseconds: number;
    readonly maxPipeline?: number | undefined;
    readonly maxLifetimeMilliseconds?: number | undefined;
    readonly openRetryMilliseconds?: number | undefined;
    readonly random?: (() => number) | undefined;
    readonly onOpened?: (() => void) | undefined;
    readonly onUnused?: (() => void) | undefined;
    readonly onClosed?: ((reason: Error | undefined) => void) | undefined;
    readonly onError?: ((error: unknown) => void) | undefined;
}
export interface PoolTotals {
    readonly opened: number;
    readonly closed: number;
    readonly openFailures: number;
    readonly leases: number;
    readonly queries: number;
    readonly queueTimeouts: number;
}
export interface LaneStats {
    readonly phase: LanePhase;
    readonly inFlight: number;
    readonly uses: number;
    readonly ageMilliseconds: number;
    readonly processId: number | undefined;
    readonly preparedStatements: number;
    readonly running: RunningStats | undefined;
    readonly lease: LeaseStats | undefined;
}
export interface RunningStats {
    readonly text: string;
    readonly milliseconds: number;
}
export interface WaiterStats {
    readonly purpose: string;
    readonly waitedMilliseconds: number;
    readonly text: string | undefined;
    readonly site: string | undefined;
}
export interface LeaseStats {
    readonly purpose: string | undefined;
    readonly heldMilliseconds: number;
    readonly work: string | undefined;
    readonly site: string | undefined;
}
export interface PoolCounts {
    readonly total: number;
    readonly idle: number;
    readonly leased: number;
    readonly busy: number;
    readonly connecting: number;
    readonly waiting: number;
    readonly max: number;
}

// dist/pool/queue.d.ts
export interface Queued<T extends Queued<T>> {
    queue?: Fifo<T> | undefined;
    queuePrevious?: T | undefined;
    queueNext?: T | undefined;
    arrival?: number;
}
export declare class Fifo<T extends Queued<T>> {
    #private;
    head: T | undefined;
    tail: T | undefined;
    size: number;
    push(item: T): void;
    insertByArrival(item: T): void;
    remove(item: T): boolean;
}

// dist/protocol/bytes/byte-reader.d.ts
import { ProtocolError } from '../../errors';
export declare class ByteReader {
    offset: number;
    end: number;
    messageName: string;
    private buffer;
    private start;
    reset(buffer: Buffer, start: number, end: number): this;
    int8(): number;
    int16(): number;
    uint16(): number;
    int32(): number;
    uint32(): number;
    cstring(): string;
    bytes(length: number): Buffer;
    restAsKey(): string;
    skipRest(): void;
    remaining(): number;
    expectRoomFor(count: number, elementBytes: number, elements: string): void;
    expectEnd(messageName: string): void;
    malformed(what: string): ProtocolError;
    private byteAt;
    private take;
}

// dist/protocol/bytes/byte-writer.d.ts
import type { LargeChunks } from './large-chunks';
import type { SpareChunks } from './spare-chunks';
export declare const GROWTH_SLACK_BYTES = 256;
export declare class ByteWriter {
    private readonly chunkBytes;
    private readonly spares;
    private readonly large;
    private chunk;
    private start;
    private position;
    private frameStart;
    constructor(chunkBytes?: number, spares?: SpareChunks, large?: LargeChunks);
    get pendingBytes(): number;
    begin(tag: number): number;
    beginUntagged(): number;
    end(frame: number): void;
    int8(value: number): void;
    uint8(value: number): void;
    int16(value: number): void;
    uint16(value: number): void;
    int32(value: number): void;
    uint32(value: number): void;
    float32(value: number): void;
    float64(value: number): void;
    utf8(text: string): void;
    fillLength(mark: number): void;
    cstring(text: string): void;
    bytes(bytes: Uint8Array): void;
    utf8WithLength(text: string): void;
    mark(): number;
    rollback(mark: number): void;
    take(): Buffer;
    roomFor(sizeBytes: number): Uint8Array;
    room(sizeBytes: number): number;
    get memory(): Uint8Array;
    wrote(sizeBytes: number): void;
    private open;
    private text;
    private longText;
    private largeText;
    private put16;
    private put32;
    private fill32;
    private reserve;
    private grow;
    private allocate;
    private letGo;
    private borrow;
    private undone;
}

// dist/protocol/bytes/chunk.d.ts
export type Chunk = Buffer & {
    utf8Write(text: string, offset: number): number;
};
export declare function allocateChunk(sizeBytes: number): Chunk;

// dist/protocol/bytes/large-chunks.d.ts
import type { Chunk } from './chunk';
export declare const LARGE_CHUNK_BYTES = 131072;
export interface LargeChunksOptions {
    readonly limitBytes: number;
    later(look: () => void): void;
}
export declare class LargeChunks {
    #private;
    constructor(options: LargeChunksOptions);
    get keptBytes(): number;
    lend(sizeBytes: number): Chunk;
    giveBack(bytes: Buffer): void;
}

// dist/protocol/bytes/spare-chunks.d.ts
import type { Chunk } from './chunk';
export declare class SpareChunks {
    #private;
    offset: number;
    constructor(limit: number);
    borrow(): Chunk | undefined;
    giveBack(chunk: Chunk, offset: number): void;
}
export declare const spareChunks: SpareChunks;

// dist/protocol/framing/frame-decoder.d.ts
export declare const FRAME_HEADER_BYTES = 5;
export interface FrameDecoderOptions {
    readonly maxFrameBytes?: number;
}
export declare class FrameDecoder {
    tag: number;
    buffer: Buffer;
    start: number;
    end: number;
    private readonly bounds;
    private chunk;
    private chunkOffset;
    private chunkEnd;
    private tail;
    private tailBytes;
    private room;
    private hasSeenFrame;
    constructor(options?: FrameDecoderOptions);
    get bufferedBytes(): number;
    push(buffer: Buffer, start: number, end: number): void;
    lendRoom(): Buffer | undefined;
    keep(): void;
    next(): boolean;
    private readLength;
    private nextFromTail;
    private saveTail;
    private fillTail;
    private drained;
    private refuse;
}

// dist/protocol/messages/asynchronous.d.ts
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
export interface ParameterStatus {
    readonly name: string;
    readonly value: string;
}
export declare function readParameterStatus(r: ByteReader): ParameterStatus;
export declare function writeParameterStatus(w: ByteWriter, name: string, value: string): void;
export interface NotificationResponse {
    readonly processId: number;
    readonly channel: string;
    readonly payload: string;
}
export declare function readNotificationResponse(r: ByteReader): NotificationResponse;
export declare function writeNotificationResponse(w: ByteWriter, notification: NotificationResponse): void;

// dist/protocol/messages/bind.d.ts
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
export type BindParameter = string | Uint8Array | null;
export declare function writeBind(w: ByteWriter, portal: string, statement: string, parameters: readonly BindParameter[], resultFormats: readonly number[]): void;
export interface Bind {
    readonly portal: string;
    readonly statement: string;
    readonly parameterFormats: readonly number[];
    readonly parameters: readonly (Buffer | null)[];
    readonly resultFormats: readonly number[];
}
export declare function readBind(r: ByteReader): Bind;

// dist/protocol/messages/cancel.d.ts
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
export interface BackendKeyData {
    readonly processId: number;
    readonly secretKey: Buffer;
}
export declare function writeCancelRequest(w: ByteWriter, processId: number, secretKey: Uint8Array): void;
export declare function readCancelRequest(r: ByteReader): BackendKeyData;
export declare function writeBackendKeyData(w: ByteWriter, processId: number, secretKey: Uint8Array): void;
export declare function readBackendKeyData(r: ByteReader): BackendKeyData;

// dist/protocol/messages/result.d.ts
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
export interface Column {
    readonly name: string;
    readonly tableOid: number;
    readonly columnNumber: number;
    readonly typeOid: number;
    readonly typeSize: number;
    readonly typeModifier: number;
    readonly format: number;
}
export declare function readRowDescription(r: ByteReader): Column[];
export declare function writeRowDescription(w: ByteWriter, columns: readonly Column[]): void;
export declare function readDataRow(r: ByteReader, columnCount?: number): (Buffer | null)[];
export declare function writeDataRow(w: ByteWriter, values: readonly (string | Uint8Array | null)[]): void;
export declare function readCommandComplete(r: ByteReader): string;
export declare function writeCommandComplete(w: ByteWriter, commandTag: string): void;
export type TransactionStatus = 'I' | 'T' | 'E';
export declare function readReadyForQuery(r: ByteReader): TransactionStatus;
export declare function writeReadyForQuery(w: ByteWriter, status: TransactionStatus): void;
export declare function readEmptyBody(r: ByteReader, messageName: string): void;
export declare function writeEmptyBody(w: ByteWriter, tag: number): void;

// dist/raw-api.d.ts
import type { ConnectionPoolConfig } from './config';
import { RawPool } from './raw';
import type { RawConnection, RawEvents } from './raw';
export declare function createRawPool(input: ConnectionPoolConfig, events: RawEvents, report: (error: Error) => void): RawPool;
export declare function openRawConnection(input: ConnectionPoolConfig, events: RawEvents): Promise<RawConnection>;
export { parseArray } from './types';
export { RawConnection, RawPool } from './raw';
export type { RawEvents, RawLease, RawNotification, RawPoolCounts, RawPortal, TextReader, TextStatement, } from './raw';
export { DatabaseError, PgError, TimeoutError } from './errors';
export type { DatabaseErrorFields } from './errors';
export type { ConnectionPoolConfig, NodeTlsOptions } from './config';

// dist/raw/raw-connection.d.ts
import type { Connection, TextReader, TextStatement } from '../connection';
export interface RawPortal {
    fetch(rows: number): void;
    close(): void;
}
export declare class RawConnection {
    #private;
    readonly namedStatements: Map<string, string>;
    constructor(connection: Connection);
    get processId(): number | undefined;
    get secretKey(): Buffer | undefined;
    get transactionStatus(): 'idle' | 'inTransaction' | 'failed';
    get isOpen(): boolean;
    runScript(text: string, reader: TextReader): void;
    runStatement(statement: TextStatement, reader: TextReader): RawPortal;
    cancel(): Promise<void>;
    close(): void;
    destroy(reason: Error): void;
}

// dist/raw/raw-pool.d.ts
import type { ResolvedConfig, ResolvedPoolOptions } from '../config';
import type { DatabaseErrorFields } from '../errors';
import { RawConnection } from './raw-connection';
export interface RawNotification {
    readonly processId: number;
    readonly channel: string;
    readonly payload: string;
}
export interface RawEvents {
    closed(connection: RawConnection, error: Error | undefined): void;
    notice(connection: RawConnection, fields: DatabaseErrorFields): void;
    notification(connection: RawConnection, notification: RawNotification): void;
}
export interface RawLease {
    readonly connection: RawConnection;
    release(): void;
    destroy(reason: Error): void;
}
export interface RawPoolCounts {
    readonly total: number;
    readonly idle: number;
    readonly waiting: number;
}
export declare function connectRaw(config: ResolvedConfig, options: ResolvedPoolOptions, events: RawEvents): Promise<RawConnection>;
export declare class RawPool {
    #private;
    constructor(config: ResolvedConfig, options: ResolvedPoolOptions, events: RawEvents, report: (error: Error) => void);
    acquire(): Promise<RawLease>;
    counts(): RawPoolCounts;
    close(): Promise<void>;
}

// dist/shared-pools.d.ts
export interface Shareable {
    readonly disposed: boolean;
    dispose(): Promise<void>;
}
export declare function sharedResource<T extends Shareable>(key: string, fingerprint: string | undefined, make: () => T): T;
export declare function assertKey(key: unknown): void;

// dist/tracing/traces.d.ts
export interface TraceTarget {
    readonly serverAddress: string;
    readonly serverPort: number;
    readonly database: string;
    readonly schema: string | undefined;
    readonly poolName: string;
}
export interface Trace extends TraceTarget {
    error?: unknown;
}
declare abstract class BaseTrace implements Trace {
    serverAddress: string;
    serverPort: number;
    readonly database: string;
    readonly schema: string | undefined;
    readonly poolName: string;
    error?: unknown;
    constructor(target: TraceTarget);
}
export interface TracedStatements {
    readonly text: string;
    readonly batchSize: number | undefined;
    readonly values: readonly unknown[];
}
export declare class QueryTrace extends BaseTrace {
    #private;
    readonly queryText: string;
    readonly batchSize: number | undefined;
    readonly parameterCount: number;
    rowCount: number | undefined;
    constructor(target: TraceTarget, { text, batchSize, values }: TracedStatements);
    parameterValues(): readonly unknown[];
}
export type StreamKind = 'queryStream' | 'copyFrom' | 'copyTo';
export declare class StreamTrace extends QueryTrace {
    readonly kind: StreamKind;
    constructor(target: TraceTarget, statements: TracedStatements, kind: StreamKind);
}
export declare class TransactionTrace extends BaseTrace {
    readonly isolationLevel: string | undefined;
    readonly readOnly: boolean | undefined;
    attempts: number;
    constructor(target: TraceTarget, isolationLevel: string | undefined, readOnly: boolean | undefined);
}
export type AcquirePurpose = 'task' | 'transaction' | 'pipeline' | 'stream' | 'copy' | 'query' | 'share';
export declare class AcquireTrace extends BaseTrace {
    readonly purpose: AcquirePurpose;
    constructor(target: TraceTarget, purpose: AcquirePurpose);
}
export declare class ReleaseTrace extends AcquireTrace {
    readonly heldMilliseconds: number;
    constructor(target: TraceTarget, purpose: AcquirePurpose, heldMilliseconds: number);
}
export declare class ConnectTrace extends BaseTrace {
    connectedTo(target: TraceTarget): void;
}
export declare class CancelTrace extends BaseTrace {
    readonly processId: number;
    constructor(target: TraceTarget, processId: number);
}
export declare class PoolTrace extends BaseTrace {
    readonly pool: CountedPool;
    constructor(target: TraceTarget, pool: CountedPool);
}
export interface CountedPool {
    stats(): {
        readonly idle: number;
        readonly leased: number;
        readonly busy: number;
        readonly waiting: number;
        readonly max: number;
    };
}
export {};

// dist/types/array-text.d.ts
export declare const MAXIMUM_DIMENSIONS = 6;
export declare function parseArray(text: string, parseElement?: (text: string) => unknown, delimiter?: string): unknown[];

// dist/types/catalogue.d.ts
export interface CatalogueType {
    oid: number;
    name: string;
    schema: string;
    kind: string;
    category: string;
    elementOid: number;
    delimiter: string;
    baseOid: number;
}
export declare const CATALOGUE_QUERY: string;

// dist/types/codec.d.ts
import { ValueError } from '../errors';
export type BigIntMode = 'number' | 'string' | 'bigint';
export type TypeParser = (text: string) => unknown;
export interface Codec {
    readonly name: string;
    readonly decodeText: TypeParser;
    readonly decodeBinary?: BinaryDecoder;
    readonly inline?: InlineDecoder;
    readonly isBytes?: true;
    readonly learn?: () => BinaryDecoder;
}
export interface InlineDecoder {
    readonly bytes: 1 | 2 | 4 | 8;
    readonly guard?: string;
    readonly value: string;
}
export type BinaryDecoder = (buffer: Buffer, start: number, end: number) => unknown;
export declare function malformed(typeName: string, why: string): ValueError;
export declare function outOfRange(typeName: string, why: string): ValueError;
export declare function expectLength(typeName: string, start: number, end: number, bytes: number): void;

// dist/types/data-type-id.generated.d.ts
export declare enum DataTypeID {
    _abstime = 1023,
    _reltime = 1024,
    _tinterval = 1025,
    abstime = 702,
    opaque = 2282,
    reltime = 703,
    smgr = 210,
    tinterval = 704,
    _aclitem = 1034,
    _bit = 1561,
    _bool = 1000,
    _box = 1020,
    _bpchar = 1014,
    _bytea = 1001,
    _char = 1002,
    _cid = 1012,
    _cidr = 651,
    _circle = 719,
    _cstring = 1263,
    _date = 1182,
    _datemultirange = 6155,
    _daterange = 3913,
    _float4 = 1021,
    _float8 = 1022,
    _gtsvector = 3644,
    _inet = 1041,
    _int2 = 1005,
    _int2vector = 1006,
    _int4 = 1007,
    _int4multirange = 6150,
    _int4range = 3905,
    _int8 = 1016,
    _int8multirange = 6157,
    _int8range = 3927,
    _interval = 1187,
    _json = 199,
    _jsonb = 3807,
    _jsonpath = 4073,
    _line = 629,
    _lseg = 1018,
    _macaddr = 1040,
    _macaddr8 = 775,
    _money = 791,
    _name = 1003,
    _numeric = 1231,
    _nummultirange = 6151,
    _numrange = 3907,
    _oid = 1028,
    _oidvector = 1013,
    _path = 1019,
    _pg_attribute = 270,
    _pg_class = 273,
    _pg_lsn = 3221,
    _pg_proc = 272,
    _pg_snapshot = 5039,
    _pg_type = 210,
    _point = 1017,
    _polygon = 1027,
    _record = 2287,
    _refcursor = 2201,
    _regclass = 2210,
    _regcollation = 4192,
    _regconfig = 3735,
    _regdictionary = 3770,
    _regnamespace = 4090,
    _regoper = 2208,
    _regoperator = 2209,
    _regproc = 1008,
    _regprocedure = 2207,
    _regrole = 4097,
    _regtype = 2211,
    _text = 1009,
    _tid = 1010,
    _time = 1183,
    _timestamp = 1115,
    _timestamptz = 1185,
    _timetz = 1270,
    _tsmultirange = 6152,
    _tsquery = 3645,
    _tsrange = 3909,
    _tstzmultirange = 6153,
    _tstzrange = 3911,
    _tsvector = 3643,
    _txid_snapshot = 2949,
    _uuid = 2951,
    _varbit = 1563,
    _varchar = 1015,
    _xid = 1011,
    _xid8 = 271,
    _xml = 143,
    aclitem = 1033,
    any = 2276,
    anyarray = 2277,
    anycompatible = 5077,
    anycompatiblearray = 5078,
    anycompatiblemultirange = 4538,
    anycompatiblenonarray = 5079,
    anycompatiblerange = 5080,
    anyelement = 2283,
    anyenum = 3500,
    anymultirange = 4537,
    anynonarray = 2776,
    anyrange = 3831,
    bit = 1560,
    bool = 16,
    box = 603,
    bpchar = 1042,
    bytea = 17,
    char = 18,
    cid = 29,
    cidr = 650,
    circle = 718,
    cstring = 2275,
    date = 1082,
    datemultirange = 4535,
    daterange = 3912,
    event_trigger = 3838,
    fdw_handler = 3115,
    float4 = 700,
    float8 = 701,
    gtsvector = 3642,
    index_am_handler = 325,
    inet = 869,
    int2 = 21,
    int2vector = 22,
    int4 = 23,
    int4multirange = 4451,
    int4range = 3904,
    int8 = 20,
    int8multirange = 4536,
    int8range = 3926,
    internal = 2281,
    interval = 1186,
    json = 114,
    jsonb = 3802,
    jsonpath = 4072,
    language_handler = 2280,
    line = 628,
    lseg = 601,
    macaddr = 829,
    macaddr8 = 774,
    money = 790,
    name = 19,
    numeric = 1700,
    nummultirange = 4532,
    numrange = 3906,
    oid = 26,
    oidvector = 30,
    path = 602,
    pg_attribute = 75,
    pg_auth_members = 2843,
    pg_authid = 2842,
    pg_brin_bloom_summary = 4600,
    pg_brin_minmax_multi_summary = 4601,
    pg_class = 83,
    pg_database = 1248,
    pg_ddl_command = 32,
    pg_dependencies = 3402,
    pg_lsn = 3220,
    pg_mcv_list = 5017,
    pg_ndistinct = 3361,
    pg_node_tree = 194,
    pg_proc = 81,
    pg_shseclabel = 4066,
    pg_snapshot = 5038,
    pg_subscription = 6101,
    pg_type = 71,
    point = 600,
    polygon = 604,
    record = 2249,
    refcursor = 1790,
    regclass = 2205,
    regcollation = 4191,
    regconfig = 3734,
    regdictionary = 3769,
    regnamespace = 4089,
    regoper = 2203,
    regoperator = 2204,
    regproc = 24,
    regprocedure = 2202,
    regrole = 4096,
    regtype = 2206,
    table_am_handler = 269,
    text = 25,
    tid = 27,
    time = 1083,
    timestamp = 1114,
    timestamptz = 1184,
    timetz = 1266,
    trigger = 2279,
    tsm_handler = 3310,
    tsmultirange = 4533,
    tsquery = 3615,
    tsrange = 3908,
    tstzmultirange = 4534,
    tstzrange = 3910,
    tsvector = 3614,
    txid_snapshot = 2970,
    unknown = 705,
    uuid = 2950,
    varbit = 1562,
    varchar = 1043,
    void = 2278,
    xid = 28,
    xid8 = 5069,
    xml = 142
}

// dist/types/interval.d.ts
export interface IntervalFields {
    years?: number;
    months?: number;
    days?: number;
    hours?: number;
    minutes?: number;
    seconds?: number;
    milliseconds?: number;
}
export declare class PostgresInterval implements IntervalFields {
    #private;
    years?: number;
    months?: number;
    days?: number;
    hours?: number;
    minutes?: number;
    seconds?: number;
    milliseconds?: number;
    constructor(fields?: IntervalFields);
    toPostgres(): string;
    toISOString(): string;
    toISO(): string;
}

// dist/types/registry.d.ts
import type { CatalogueType } from './catalogue';
import type { BigIntMode, Codec, TypeParser } from './codec';
export interface TypeRegistryOptions {
    readonly bigIntMode?: BigIntMode | undefined;
    readonly types?: ReadonlyMap<number, TypeParser> | Readonly<Record<number, TypeParser | undefined>> | undefined;
}
export type KnownType = Pick<CatalogueType, 'name' | 'kind' | 'elementOid' | 'delimiter' | 'baseOid'>;
export declare const BUILTIN_TYPE_OIDS: readonly number[];
export declare class TypeRegistry {
    #private;
    constructor(options?: TypeRegistryOptions);
    get version(): number;
    codecOf(typeOid: number): Codec | undefined;
    typeOf(typeOid: number): KnownType | undefined;
    setTypeParser(typeOid: number, parser: TypeParser): TypeParser;
    getTypeParser(typeOid: number): TypeParser;
    parameterTypeOf(typeOid: number): number | undefined;
    describe(rows: readonly CatalogueType[]): void;
}
