/**
 * Databases on a running server: empty ones, and copies of a template that was set up once. Names
 * are random, so that test files running at the same time do not meet.
 */
import {randomBytes} from 'node:crypto';
import {connectionString} from './connection-string';
import type {ServerPlace} from './server';
import {quoteIdentifier, quoteLiteral, withSession} from './simple-query';

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
  place: ServerPlace,
  {name = randomName('test'), template}: DatabaseOptions = {},
): Promise<Database> {
  const source = template === undefined ? '' : ` TEMPLATE ${quoteIdentifier(template)}`;
  await withSession(place.address, (session) =>
    session.query(
      `CREATE DATABASE ${quoteIdentifier(name)} OWNER ${quoteIdentifier(place.user)}${source}`,
    ),
  );
  const drop = () => dropDatabase(place, name);
  return {
    name,
    connectionString: connectionString({...place, database: name}),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

export async function createTemplate(
  place: ServerPlace,
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
    drop: database.drop,
  };
}

/** CREATE DATABASE refuses a template with sessions, so there must never be one again. */
function seal(place: ServerPlace, name: string): Promise<unknown> {
  return withSession(place.address, async (session) => {
    await session.query(`ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false`);
    await session.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ${quoteLiteral(name)}`,
    );
  });
}

async function dropDatabase(place: ServerPlace, name: string): Promise<void> {
  await withSession(place.address, (session) =>
    session.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
  );
}

function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
