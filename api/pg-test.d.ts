// The public API of @databases/pg-test. Written by tools/generate-api.mjs (npm run api).

// dist/account.d.ts
export type Account = {
    uid: number;
    gid: number;
} | undefined;
export declare function findAccount(passwd: string): Account;
export declare function serverAccount(): Account;

// dist/binaries.d.ts
import type { Account } from './account';
import type { ServerVersion } from './versions';
export interface Binaries {
    postgres: string;
    initdb: string;
    version: ServerVersion;
}
export interface BinariesOptions {
    version?: number | string | undefined;
    binaries?: string | undefined;
}
export declare function findBinaries(options: BinariesOptions, account: Account): Promise<Binaries>;

// dist/cluster.d.ts
import type { ServerOptions } from './options';
import type { Server } from './server';
import type { LaunchOptions } from './start-server';
export interface ClusterOptions extends ServerOptions {
    replicas?: number;
    replicaSettings?: Readonly<Record<string, string>>;
}
export declare function startCluster(options?: ClusterOptions): Promise<Cluster>;
export declare function launchCluster(options: ClusterOptions & LaunchOptions): Promise<Cluster>;
export declare class Cluster implements AsyncDisposable {
    #private;
    readonly primary: Server;
    constructor(primary: Server, options: LaunchOptions);
    get replicas(): readonly Server[];
    addReplica(of?: Server): Promise<Server>;
    catchUp(of?: Server): Promise<void>;
    stop(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

// dist/configuration.d.ts
export type AuthenticationMethod = 'trust' | 'scram-sha-256' | 'md5' | 'password';
export declare const ADMINISTRATOR = "postgres";
export interface Configuration {
    port: number;
    socketDirectories: readonly string[];
    authentication: AuthenticationMethod;
    durable: boolean;
    tls: boolean;
    logLevel: string | undefined;
    settings: Readonly<Record<string, string>>;
    platform: string;
}
export declare function postgresqlConf(configuration: Configuration): string;
export declare function settingLine([name, value]: readonly [string, string]): string;
export declare function pgHbaConf(authentication: AuthenticationMethod, callerLines?: readonly string[], platform?: string): string;

// dist/database.d.ts
import type { DatabasePlace } from './server-place';
export interface DatabaseOptions {
    name?: string;
    template?: string;
}
export interface Database extends AsyncDisposable {
    readonly name: string;
    readonly connectionString: string;
    drop(): Promise<void>;
}
export interface TemplateOptions {
    name?: string;
}
export interface Template {
    readonly name: string;
    create(options?: Omit<DatabaseOptions, 'template'>): Promise<Database>;
    drop(): Promise<void>;
}
export declare function createDatabase(place: DatabasePlace, { name, template }?: DatabaseOptions): Promise<Database>;
export declare function createTemplate(place: DatabasePlace, setup: (connectionString: string) => Promise<void> | void, { name }?: TemplateOptions): Promise<Template>;

// dist/error.d.ts
export type PgTestErrorCode = 'PG_TEST_BAD_OPTION' | 'PG_TEST_UNKNOWN_VERSION' | 'PG_TEST_NO_BINARIES' | 'PG_TEST_NO_ACCOUNT' | 'PG_TEST_PORT_IN_USE' | 'PG_TEST_START_FAILED' | 'PG_TEST_STOPPED' | 'PG_TEST_TIMEOUT' | 'PG_TEST_QUERY_FAILED' | 'PG_TEST_NAME_TAKEN' | 'PG_TEST_NOT_FOUND' | 'PG_TEST_NO_TRANSACTION';
export declare class PgTestError extends Error {
    readonly name = "PgTestError";
    readonly code: PgTestErrorCode;
    constructor(code: PgTestErrorCode, message: string, options?: {
        cause?: unknown;
    });
}
export declare function hasCode(error: unknown, ...codes: string[]): boolean;

// dist/get-database.d.ts
import type { ServerOptions } from './options';
export interface GetDatabaseOptions {
    image?: string;
    pgUser?: string;
    pgDb?: string;
    externalPort?: number;
    defaultExternalPort?: number;
    connectTimeoutSeconds?: number;
    containerName?: string;
    debug?: boolean;
    refreshImage?: boolean;
    environment?: Readonly<Record<string, string>>;
    persistVolume?: string;
}
export interface TestDatabase {
    databaseURL: string;
    kill: () => Promise<void>;
}
export default function getDatabase(options?: GetDatabaseOptions): Promise<TestDatabase>;
export declare function compatibleServerOptions(options: GetDatabaseOptions): ServerOptions;

// dist/index.d.ts
export { default } from './get-database';
export type { GetDatabaseOptions, TestDatabase } from './get-database';
export { startCluster } from './cluster';
export type { Cluster, ClusterOptions } from './cluster';
export { startServer } from './start-server';
export { PgTestError } from './error';
export type { PgTestErrorCode } from './error';
export type { AuthenticationMethod } from './configuration';
export type { Database, DatabaseOptions, Template, TemplateOptions } from './database';
export type { ServerOptions, TlsOptions } from './options';
export { cloneDatabase } from './runners/worker-database';
export { transactionPerTest } from './runners/transaction-per-test';
export type { TestHooks, Transactional } from './runners/transaction-per-test';
export type { RestartMode, Server, ServerPhase } from './server';

// dist/jest/globalSetup.d.ts
import type { TestRunOptions } from '../runners/start-run';
declare function setup(options?: TestRunOptions): Promise<void>;
declare namespace setup {
    export { setup as default };
}
declare namespace setup {
    export type { TestRunOptions as SetupOptions };
}
export = setup;

// dist/jest/globalTeardown.d.ts
declare function teardown(): Promise<void>;
declare namespace teardown {
    export { teardown as default };
}
export = teardown;

// dist/jest/reporter.d.ts
declare class Reporter {
    #private;
    onTestFileStart({ path }: {
        readonly path: string;
    }): void;
    onTestFileResult({ path }: {
        readonly path: string;
    }, { numFailingTests }: {
        readonly numFailingTests: number;
    }): void;
}
export = Reporter;

// dist/jest/setup.d.ts
declare function setup(): Promise<void>;
export = setup;

// dist/options.d.ts
import type { AuthenticationMethod } from './configuration';
export interface TlsOptions {
    certificate: string;
    key: string;
    certificateAuthority?: string;
}
export interface ServerOptions {
    version?: number | string;
    binaries?: string;
    port?: number;
    user?: string;
    password?: string;
    database?: string;
    authentication?: AuthenticationMethod;
    hostBasedAuthentication?: readonly string[];
    settings?: Readonly<Record<string, string>>;
    tls?: TlsOptions;
    unixSocketDirectory?: string;
    durable?: boolean;
    storage?: 'memory' | 'disk';
    locale?: string;
    logFile?: string;
    logLevel?: string;
    startTimeoutMilliseconds?: number;
}
export declare function checkServerOptions(options: ServerOptions): void;

// dist/postmaster.d.ts
import type { Account } from './account';
import type { Binaries } from './binaries';
export interface PostmasterOptions {
    binaries: Binaries;
    account: Account;
    dataDirectory: string;
    logFile: string;
    startTimeoutMilliseconds: number;
    onSpawn?: (processId: number) => void;
}
export interface Postmaster {
    readonly processId: number;
    readonly ended: Promise<void>;
    signal(name: NodeJS.Signals): void;
    signalFamily(name: NodeJS.Signals): void;
    killFamily(): Promise<void>;
    hold(): void;
}
export declare function startPostmaster(options: PostmasterOptions): Promise<Postmaster>;
export declare function signalFamily(processId: number, name: NodeJS.Signals): number[];
export declare function serverEnvironment(home: string): NodeJS.ProcessEnv;

// dist/runners/start-run.d.ts
import type { GetDatabaseOptions } from '../get-database';
import type { Server } from '../server';
import type { ServerOptions } from '../options';
export interface TestRunOptions extends GetDatabaseOptions {
    environmentVariable?: string;
    migrationsScript?: string[];
    migrate?: (connectionString: string) => Promise<unknown>;
    server?: ServerOptions;
}
export type EndOfRun = () => Promise<void>;
export declare const RUN_SETTINGS: {
    log_line_prefix: string;
};
export declare function startRun(options?: TestRunOptions): Promise<EndOfRun>;
export declare function prepareRun(server: Server, options?: TestRunOptions, name?: string): Promise<void>;

// dist/runners/transaction-per-test.d.ts
export interface Transactional<Transaction> {
    tx(fn: (transaction: Transaction) => Promise<unknown>): Promise<unknown>;
}
export interface TestHooks {
    beforeEach(fn: () => Promise<void>): unknown;
    afterEach(fn: () => Promise<void>): unknown;
}
export declare function transactionPerTest<Transaction extends object>(database: Transactional<Transaction>, hooks: TestHooks): Transaction;

// dist/runners/worker-database.d.ts
import type { Database } from '../database';
export interface WorkerDatabase extends Database {
    readonly logFile: string;
}
export declare function useWorkerDatabase(worker: string, isOver?: (worker: string) => boolean): Promise<WorkerDatabase | undefined>;
export declare function cloneDatabase(): Promise<Database>;

// dist/server-place.d.ts
import type { Address } from './simple-query';
export interface ServerPlace {
    host: string;
    port: number;
    user: string;
    password: string | undefined;
    database: string;
    socketDirectory: string;
    dataDirectory: string;
    logFile: string;
    folder: string;
    version: string;
    address: Address;
}
export type DatabasePlace = Pick<ServerPlace, 'host' | 'port' | 'user' | 'password' | 'version' | 'address' | 'logFile'>;

// dist/server.d.ts
import type { Database, DatabaseOptions, Template, TemplateOptions } from './database';
import type { Postmaster, PostmasterOptions } from './postmaster';
import type { ServerPlace } from './server-place';
import type { Address } from './simple-query';
export type RestartMode = 'smart' | 'fast' | 'immediate' | 'crash';
export type ServerPhase = 'running' | 'paused' | 'down' | 'closed';
export declare class Server implements AsyncDisposable {
    #private;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string | undefined;
    readonly database: string;
    readonly version: string;
    readonly socketDirectory: string;
    readonly dataDirectory: string;
    readonly logFile: string;
    readonly connectionString: string;
    readonly address: Address;
    constructor(place: ServerPlace, launch: PostmasterOptions, postmaster: Postmaster);
    get processId(): number;
    get phase(): ServerPhase;
    stop(): Promise<void>;
    kill(signal?: NodeJS.Signals): Promise<void>;
    pause(): void;
    resume(): void;
    restart(mode?: RestartMode): Promise<void>;
    promote(): Promise<void>;
    follow(upstream: Server): Promise<void>;
    createDatabase(options?: DatabaseOptions): Promise<Database>;
    template(setup: (connectionString: string) => Promise<void> | void, options?: TemplateOptions): Promise<Template>;
    [Symbol.asyncDispose](): Promise<void>;
}

// dist/simple-query.d.ts
export type Address = {
    path: string;
} | {
    host: string;
    port: number;
};
export type Row = (string | null)[];
export declare class AdminSession {
    #private;
    private constructor();
    static open(address: Address, database?: string): Promise<AdminSession>;
    query(text: string): Promise<Row[]>;
    close(): void;
}
export declare function withSession<T>(address: Address, action: (session: AdminSession) => Promise<T>, database?: string): Promise<T>;
export declare function quoteIdentifier(name: string): string;
export declare function quoteLiteral(text: string): string;

// dist/start-server.d.ts
import type { Account } from './account';
import type { Binaries } from './binaries';
import type { ServerOptions } from './options';
import { Server } from './server';
export type FillDataDirectory = (dataDirectory: string, account: Account, binaries: Binaries) => Promise<void>;
export interface LaunchOptions extends ServerOptions {
    fill?: FillDataDirectory;
    watched?: boolean;
    provisioned?: boolean;
}
export declare function startServer(options?: ServerOptions): Promise<Server>;
export declare function launchServer(options: LaunchOptions): Promise<Server>;

// dist/versions.d.ts
export declare const DEFAULT_MAJOR = 18;
export interface Release {
    major: number;
    packageVersion: string;
}
export declare function parseRelease(version: number | string): Release;
export interface ServerVersion {
    major: number;
    full: string;
}
export declare function parseServerVersion(line: string): ServerVersion;

// dist/vitest/globalSetup.d.ts
import type { EndOfRun, TestRunOptions } from '../runners/start-run';
declare function globalSetup(options?: TestRunOptions | {
    readonly vitest: unknown;
}): Promise<EndOfRun>;
declare namespace globalSetup {
    export type { EndOfRun, TestRunOptions };
}
export = globalSetup;

// index.d.mts
import pgTest from './dist/index.js';

export * from './dist/index.js';
export default pgTest.default;
