/**
 * Databases on a running server: empty ones, and copies of a template that was set up once. Names
 * are random, so that test files running at the same time do not meet.
 */
import {randomBytes} from 'node:crypto';
import {connectionString} from './connection-string';
import type {DatabasePlace} from './server-place';
import {quoteIdentifier, quoteLiteral, withSession} from './simple-query';
import type {AdminSession} from './simple-query';

export interface DatabaseOptions {
  /** Default: `test_` and a random part. */
  name?: string;
  /** Name of the database to copy; nobody may be connected to it. */
  template?: string;
}

export interface Database extends AsyncDisposable {
  readonly name: string;
  readonly connectionString: string;
  /** Ends its sessions and removes it. Again is harmless. */
  drop(): Promise<void>;
}

export interface TemplateOptions {
  /** Default: `template_` and a random part. */
  name?: string;
}

export interface Template {
  readonly name: string;
  /** A new database that holds what the setup left behind. */
  create(options?: Omit<DatabaseOptions, 'template'>): Promise<Database>;
  /** Removes the template; databases made from it stay. */
  drop(): Promise<void>;
}

export async function createDatabase(
  place: DatabasePlace,
  {name = randomName('test'), template}: DatabaseOptions = {},
): Promise<Database> {
  const statement = `CREATE DATABASE ${quoteIdentifier(name)} OWNER ${quoteIdentifier(place.user)}`;
  await withSession<unknown>(place.address, (session) =>
    template === undefined
      ? session.query(statement)
      : copyDatabase(session, place, `${statement} TEMPLATE ${quoteIdentifier(template)}`),
  );
  const drop = () => dropDatabase(place, name);
  return {
    name,
    connectionString: connectionString({...place, database: name}),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

/**
 * Copying files beats writing every page through the WAL (the default since 15) as soon as the
 * template holds a schema, the more so with fsync off; 18 can leave the copying to the kernel,
 * which halves it again (measured: 35 ms, 30 ms, 15 ms for 40 tables). 14 always copies files.
 */
async function copyDatabase(
  session: AdminSession,
  place: DatabasePlace,
  statement: string,
): Promise<unknown> {
  const major = Number.parseInt(place.version, 10);
  if (major < 15) {
    return session.query(statement);
  }
  const copy = `${statement} STRATEGY FILE_COPY`;
  if (major >= 18) {
    try {
      await session.query('SET file_copy_method = clone');
      return await session.query(copy);
    } catch {
      // Not in this build or not on this file system; a real mistake shows again below.
      await session.query('RESET file_copy_method');
    }
  }
  return session.query(copy);
}

export async function createTemplate(
  place: DatabasePlace,
  setup: (connectionString: string) => Promise<void> | void,
  {name = randomName('template')}: TemplateOptions = {},
): Promise<Template> {
  const database = await createDatabase(place, {name});
  try {
    await setup(database.connectionString);
    await seal(place, name);
  } catch (error) {
    await database.drop();
    throw error;
  }
  return {
    name,
    create: (options) => createDatabase(place, {...options, template: name}),
    drop: () => database.drop(),
  };
}

/** CREATE DATABASE refuses a template with sessions, so there must never be one again. */
function seal(place: DatabasePlace, name: string): Promise<unknown> {
  return withSession(place.address, async (session) => {
    await session.query(`ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false`);
    await session.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ${quoteLiteral(name)}`,
    );
  });
}

async function dropDatabase(place: DatabasePlace, name: string): Promise<void> {
  await withSession(place.address, (session) =>
    session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
  );
}

function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
