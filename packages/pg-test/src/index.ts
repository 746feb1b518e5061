/**
 * The public surface of the package: a real Postgres for tests and for trying things out.
 */
export {default} from './get-database';
export type {GetDatabaseOptions, TestDatabase} from './get-database';
export {startCluster} from './cluster';
export type {Cluster, ClusterOptions} from './cluster';
export {startServer} from './start-server';
export {PgTestError} from './error';
export type {PgTestErrorCode} from './error';
export type {AuthenticationMethod} from './configuration';
export type {Database, DatabaseOptions, Template, TemplateOptions} from './database';
export type {ServerOptions, TlsOptions} from './options';
export {cloneDatabase} from './runners/worker-database';
export {transactionPerTest} from './runners/transaction-per-test';
export type {TestHooks, Transactional} from './runners/transaction-per-test';
export type {RestartMode, Server, ServerPhase} from './server';
