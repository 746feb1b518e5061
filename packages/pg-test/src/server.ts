/**
 * A running server, as callers see it: where it is, and what can be done to it. Its phase says what
 * is legal: `running` and `paused` have a process, `down` has none but keeps its data, `closed` has
 * neither data nor a way back.
 */
import {rm} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {connectionString} from './connection-string';
import {createDatabase, createTemplate} from './database';
import type {Database, DatabaseOptions, Template, TemplateOptions} from './database';
import {PgTestError} from './error';
import {removeSharedMemory} from './foreign-server';
import {startPostmaster} from './postmaster';
import type {Postmaster, PostmasterOptions} from './postmaster';
import {follow, primaryConninfo, promote} from './replication';
import type {ServerPlace} from './server-place';
import type {Address} from './simple-query';
import {forget} from './watchdog';

export type RestartMode = 'smart' | 'fast' | 'immediate' | 'crash';
export type ServerPhase = 'running' | 'paused' | 'down' | 'closed';

/** What the server's program calls the modes of pg_ctl. */
const SHUTDOWN_SIGNALS = {smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT'} as const;
const STOP_PATIENCE_MILLISECONDS = 10_000;

export class Server implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly version: string;
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** Of the database given at the start; `createDatabase` gives others. */
  readonly connectionString: string;
  /** @internal For the package's own commands. */
  readonly address: Address;
  readonly #place: ServerPlace;
  readonly #launch: PostmasterOptions;
  #postmaster: Postmaster;
  #phase: ServerPhase = 'running';
  #stopping: Promise<void> | undefined;

  /** @internal Made by startServer(). */
  constructor(place: ServerPlace, launch: PostmasterOptions, postmaster: Postmaster) {
    this.#place = place;
    this.#launch = launch;
    this.host = place.host;
    this.port = place.port;
    this.user = place.user;
    this.password = place.password;
    this.database = place.database;
    this.version = place.version;
    this.socketDirectory = place.socketDirectory;
    this.dataDirectory = place.dataDirectory;
    this.logFile = place.logFile;
    this.connectionString = connectionString(place);
    this.address = place.address;
    this.#postmaster = postmaster;
    this.#follow(postmaster);
  }

  /** Of the postmaster; another one after restart(). */
  get processId(): number {
    return this.#postmaster.processId;
  }

  get phase(): ServerPhase {
    return this.#phase;
  }

  /** Ends the server and removes its data. Again is harmless. Clients get SQLSTATE 57P01. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /**
   * Sends a signal to the server, the data stays. With SIGKILL all its processes die at once, as in
   * a crash of the machine, and the returned promise waits for that; others go to the postmaster.
   */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#require('kill', 'running', 'paused');
    if (signal !== 'SIGKILL') return this.#postmaster.signal(signal);
    await this.#postmaster.killFamily();
  }

  /** Freezes every process of the server: connections stay open and nothing answers. */
  pause(): void {
    this.#require('pause', 'running', 'paused');
    this.#postmaster.signalFamily('SIGSTOP');
    this.#phase = 'paused';
  }

  resume(): void {
    this.#require('resume', 'running', 'paused');
    this.#postmaster.signalFamily('SIGCONT');
    this.#phase = 'running';
  }

  /**
   * Stops the server if it runs and starts it on the same port with the same data. `crash` kills
   * every process; `smart` waits for clients to leave. Default `fast`.
   */
  async restart(mode: RestartMode = 'fast'): Promise<void> {
    this.#require('restart', 'running', 'paused', 'down');
    if (mode === 'crash' && this.#phase !== 'down') await this.kill('SIGKILL');
    else if (mode !== 'crash') await this.#end(SHUTDOWN_SIGNALS[mode], mode === 'smart');
    this.#postmaster = await startPostmaster(this.#launch);
    this.#phase = 'running';
    this.#follow(this.#postmaster);
  }

  /** Makes a standby a primary; resolves when it takes writes. */
  async promote(): Promise<void> {
    this.#require('promote', 'running');
    return promote(this.address);
  }

  /** Lets a standby stream from another server than so far. */
  async follow(upstream: Server): Promise<void> {
    this.#require('follow', 'running');
    return follow(this.address, primaryConninfo(upstream, `port_${this.port}`));
  }

  /** Creates an empty database, or a copy of `template`. */
  async createDatabase(options?: DatabaseOptions): Promise<Database> {
    this.#require('createDatabase', 'running');
    return createDatabase(this.#place, options);
  }

  /**
   * Runs `setup` once on a new database (it gets its connection string; close your client in it),
   * then hands out copies: one per test, without running the migrations again.
   */
  async template(
    setup: (connectionString: string) => Promise<void> | void,
    options?: TemplateOptions,
  ): Promise<Template> {
    this.#require('template', 'running');
    return createTemplate(this.#place, setup, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    if (this.#phase !== 'down') await this.#end('SIGINT', false);
    this.#phase = 'closed';
    await removeSharedMemory(this.dataDirectory);
    await rm(this.#place.folder, {recursive: true, force: true, maxRetries: 5});
    forget(this.#place.folder);
  }

  async #end(signal: NodeJS.Signals, patient: boolean): Promise<void> {
    const postmaster = this.#postmaster;
    postmaster.hold();
    postmaster.signal(signal);
    postmaster.signalFamily('SIGCONT');
    const timer = new AbortController();
    const kill = sleep(STOP_PATIENCE_MILLISECONDS, undefined, {signal: timer.signal}).then(
      () => postmaster.killFamily(),
      () => {},
    );
    if (patient) timer.abort();
    await postmaster.ended;
    timer.abort();
    await kill;
  }

  #follow(postmaster: Postmaster): void {
    const markDown = () => {
      if (this.#postmaster === postmaster && this.#phase !== 'closed') this.#phase = 'down';
    };
    void postmaster.ended.then(markDown);
  }

  #require(action: string, ...legal: ServerPhase[]): void {
    if (legal.includes(this.#phase) && this.#stopping === undefined) return;
    const state = this.#stopping === undefined ? this.#phase : 'closed';
    throw new PgTestError(
      'PG_TEST_STOPPED',
      `${action}() is not possible while the server on port ${this.port} is ${state}; it must be ${legal.join(' or ')}.`,
    );
  }
}
