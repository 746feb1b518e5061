/**
 * From options to a running server: binaries, data folder, configuration, process, and the role and
 * database of the connection string. Whatever fails on the way, nothing is left behind.
 */
import {randomBytes} from 'node:crypto';
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {serverAccount} from './account';
import type {Account} from './account';
import {findBinaries} from './binaries';
import type {Binaries} from './binaries';
import {ADMINISTRATOR} from './configuration';
import {administratorAddress} from './connection-string';
import {chooseStorage, makeServerFolder, writeConfiguration} from './data-folder';
import type {Storage} from './data-folder';
import {createDataDirectory} from './data-template';
import {PgTestError} from './error';
import {checkServerOptions} from './options';
import type {ServerOptions} from './options';
import {freePort} from './port';
import {startPostmaster} from './postmaster';
import {Server} from './server';
import type {ServerPlace} from './server-place';
import {quoteIdentifier, quoteLiteral, withSession} from './simple-query';
import {forget, watch} from './watchdog';

const START_TIMEOUT_MILLISECONDS = 60_000;
const PORT_ATTEMPTS = 5;

/** Fills an empty data folder; the default is a fresh initdb, a cluster copies another server. */
export type FillDataDirectory = (
  dataDirectory: string,
  account: Account,
  binaries: Binaries,
) => Promise<void>;

export interface LaunchOptions extends ServerOptions {
  fill?: FillDataDirectory;
  /** False: the server outlives this process (the command line's `start`). Default true. */
  watched?: boolean;
  /** True for a copy of another server, which has the role and the database already. */
  provisioned?: boolean;
}

/**
 * Starts a Postgres of its own for the caller, ready for connections when the promise resolves. It
 * ends with `stop()`, and when this process ends in any way, SIGKILL included.
 *
 * @throws PgTestError `PG_TEST_BAD_OPTION`, `PG_TEST_UNKNOWN_VERSION`, `PG_TEST_NO_BINARIES`,
 * `PG_TEST_NO_ACCOUNT`, `PG_TEST_PORT_IN_USE`, `PG_TEST_START_FAILED`, `PG_TEST_TIMEOUT`.
 */
export function startServer(options: ServerOptions = {}): Promise<Server> {
  return launchServer(options);
}

/** startServer() for this package's own use, with the options that callers do not get. */
export async function launchServer(options: LaunchOptions): Promise<Server> {
  checkServerOptions(options);
  const account = serverAccount();
  const binaries = await findBinaries(options, account);
  const storage = await chooseStorage(options);
  const folder = await makeServerFolder(account, storage);
  const dataDirectory = path.join(folder, 'data');
  const watched = options.watched ?? true;
  if (watched) watch(folder, dataDirectory);
  try {
    if (options.fill) await options.fill(dataDirectory, account, binaries);
    else await createDataDirectory(binaries, account, dataDirectory, options.locale);
    for (let attempt = 1; ; attempt++) {
      try {
        return await launch(options, {account, binaries, folder, dataDirectory, storage, watched});
      } catch (error) {
        const lostPort = error instanceof PgTestError && error.code === 'PG_TEST_PORT_IN_USE';
        if (!lostPort || options.port || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  } catch (error) {
    await rm(folder, {recursive: true, force: true, maxRetries: 5});
    forget(folder);
    throw error;
  }
}

interface Surroundings {
  account: Account;
  binaries: Binaries;
  folder: string;
  dataDirectory: string;
  storage: Storage;
  watched: boolean;
}

async function launch(options: LaunchOptions, surroundings: Surroundings): Promise<Server> {
  const {account, binaries, folder, dataDirectory, storage, watched} = surroundings;
  const port = options.port ? options.port : await freePort();
  await writeConfiguration(folder, dataDirectory, account, port, storage, options);
  const place: ServerPlace = {
    host: '127.0.0.1',
    port,
    user: options.user ?? ADMINISTRATOR,
    password: choosePassword(options),
    database: options.database ?? 'postgres',
    socketDirectory: folder,
    dataDirectory,
    logFile: path.resolve(options.logFile ?? path.join(folder, 'log')),
    folder,
    version: binaries.version.full,
    address: administratorAddress(folder, port),
  };
  const postmasterOptions = {
    binaries,
    account,
    dataDirectory,
    logFile: place.logFile,
    startTimeoutMilliseconds: options.startTimeoutMilliseconds ?? START_TIMEOUT_MILLISECONDS,
    onSpawn: (processId: number) => {
      if (watched) watch(folder, dataDirectory, processId);
    },
  };
  const postmaster = await startPostmaster(postmasterOptions);
  try {
    if (!options.provisioned) await provision(place);
  } catch (error) {
    await postmaster.killFamily();
    throw error;
  }
  return new Server(place, postmasterOptions, postmaster);
}

function choosePassword(options: ServerOptions): string | undefined {
  if (options.password !== undefined) return options.password;
  const needed = options.authentication !== undefined && options.authentication !== 'trust';
  return needed ? randomBytes(18).toString('base64url') : undefined;
}

/** The role, its password and the database of the connection string, where they differ from initdb's. */
async function provision(place: ServerPlace): Promise<void> {
  const statements: string[] = [];
  const user = quoteIdentifier(place.user);
  if (place.user !== ADMINISTRATOR) statements.push(`CREATE ROLE ${user} SUPERUSER LOGIN`);
  if (place.password !== undefined) {
    statements.push(`ALTER ROLE ${user} PASSWORD ${quoteLiteral(place.password)}`);
  }
  if (place.database !== 'postgres') {
    statements.push(`CREATE DATABASE ${quoteIdentifier(place.database)} OWNER ${user}`);
  }
  if (statements.length === 0) return;
  await withSession(place.address, async (session) => {
    for (const statement of statements) await session.query(statement);
  });
}
