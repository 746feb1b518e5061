/**
 * The beginning and the end of a test run, the same for every runner: one server, the migrations run once into a
 * template, a copy of it in DATABASE_URL, and word for the workers of where to make theirs.
 *
 * Invariant: where the variable is set already, that database is used by everybody and nothing is started.
 */
import {spawn} from 'node:child_process';
import {PgTestError} from '../error';
import {compatibleServerOptions} from '../get-database';
import type {GetDatabaseOptions} from '../get-database';
import type {Server} from '../server';
import {startServer} from '../start-server';
import type {ServerOptions} from '../options';
import {forgetPreparedRun, writePreparedRun} from './prepared-run';
import {readServerLog} from './server-log';

export interface TestRunOptions extends GetDatabaseOptions {
  /** Default: PG_TEST_ENV_VAR, else `DATABASE_URL`. */
  environmentVariable?: string;
  /** Command and arguments, run once. Default: PG_TEST_MIGRATIONS_SCRIPT, split at spaces. */
  migrationsScript?: string[];
  /** Run once, after the script if there is one; close your client before you return. */
  migrate?: (connectionString: string) => Promise<unknown>;
  /** What startServer() takes; wins over the other options here. */
  server?: ServerOptions;
}

/** Ends the server and takes the variables back. Again is harmless. */
export type EndOfRun = () => Promise<void>;

/** For the lines of a database to be found in the log: time, process and, for clients, the database. */
export const RUN_SETTINGS = {log_line_prefix: '%m [%p] %q%d '};

/** @throws PgTestError as startServer() does, and `PG_TEST_START_FAILED` for migrations that fail. */
export async function startRun(options: TestRunOptions = {}): Promise<EndOfRun> {
  const variable = variableOf(options);
  if (process.env[variable]) return async () => {};
  const {database: name = 'test-db', ...compatible} = compatibleServerOptions(options);
  const server = await startServer({
    ...compatible,
    ...options.server,
    settings: {...RUN_SETTINGS, ...options.server?.settings},
  });
  const end = async () => {
    delete process.env[variable];
    forgetPreparedRun();
    await server.stop();
  };
  try {
    await prepareRun(server, options, options.server?.database === undefined ? name : undefined);
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

/**
 * Runs the migrations on a server that is there, and sets the variables.
 *
 * @param name of the copy that DATABASE_URL leads to; without one it leads to the server's own database
 */
export async function prepareRun(
  server: Server,
  options: TestRunOptions = {},
  name?: string,
): Promise<void> {
  const variable = variableOf(options);
  const template = await server.template(async (connectionString) => {
    process.env[variable] = connectionString;
    await migrate(options, connectionString, server);
  });
  const {connectionString} = name === undefined ? server : await template.create({name});
  process.env[variable] = connectionString;
  const {host, port, user, password, version, address, logFile} = server;
  writePreparedRun({
    place: {host, port, user, password, version, address, logFile},
    template: template.name,
    environmentVariable: variable,
  });
}

function variableOf(options: TestRunOptions): string {
  return options.environmentVariable ?? process.env['PG_TEST_ENV_VAR'] ?? 'DATABASE_URL';
}

async function migrate(
  options: TestRunOptions,
  connectionString: string,
  server: Server,
): Promise<void> {
  const script = options.migrationsScript ?? process.env['PG_TEST_MIGRATIONS_SCRIPT']?.split(' ');
  try {
    if (script) await runScript(script);
    await options.migrate?.(connectionString);
  } catch (error) {
    const log = readServerLog(server.logFile, {lines: 10, errors: true});
    if (log === '') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PgTestError(
      'PG_TEST_START_FAILED',
      `The migrations failed: ${reason}\nThe server's log says:\n${log}`,
      {cause: error},
    );
  }
}

function runScript([file = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {stdio: 'inherit', shell: process.platform === 'win32'});
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new PgTestError(
          'PG_TEST_START_FAILED',
          `The migrations script "${file}" ended with ${signal ?? `exit code ${code}`}.`,
        ),
      );
    });
  });
}
