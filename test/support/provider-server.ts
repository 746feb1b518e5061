/**
 * The server of a cloud provider, as far as one machine can have it: what a page of the guide says about where the
 * database is, carried over to a server on this machine.
 *
 * Users, passwords, databases and everything the client is asked to check stay as the page has them. Only the
 * address, the certificate's file and the folder of the socket are others.
 */
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import createConnectionPool, {sql} from '@databases/pg';
import type {Server} from '@databases/pg-test';
import {urlWith} from './url';

export type Variables = Readonly<Record<string, string>>;

/** The instance that the page about Google Cloud names. */
const INSTANCE = 'my-project:europe-west1:my-instance';

/** Reads the `export NAME=value` lines of a block. */
export function readVariables(code: string, place: string): Variables {
  return Object.fromEntries(
    code.split('\n').map((line) => {
      const [, name, value] = /^export ([A-Z_]+)=(\S+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`${place}: "${line}" sets no variable`);
      return [name, value];
    }),
  );
}

export class ProviderFolder implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'provider-'));
  readonly secretFile = join(this.#folder, 'secret');
  readonly authorityFile = join(this.#folder, 'authority.crt');

  constructor(authority: string) {
    writeFileSync(this.secretFile, '');
    writeFileSync(this.authorityFile, authority);
  }

  /** The socket as Cloud Run has it: named for port 5432, which the server on this machine does not have. */
  offerSocket(server: Server): void {
    const instance = join(this.#folder, 'cloudsql', INSTANCE);
    mkdirSync(instance, {recursive: true});
    const socket = join(instance, '.s.PGSQL.5432');
    rmSync(socket, {force: true});
    symlinkSync(join(server.socketDirectory, `.s.PGSQL.${server.port}`), socket);
  }

  /** The variables of a page, leading to `server`. */
  bringHere(variables: Variables, server: Server): Variables {
    return Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, this.#bringValue(value, server)]),
    );
  }

  #bringValue(value: string, {port}: Server): string {
    if (value.startsWith('/secrets/')) return this.secretFile;
    if (value.includes('/cloudsql/'))
      return value.replace('/cloudsql/', `${this.#folder}/cloudsql/`);
    if (!/^postgres(ql)?:/.test(value)) return value;
    const parameters = value.includes('sslrootcert=') ? {sslrootcert: this.authorityFile} : {};
    return urlWith(value, {host: '127.0.0.1', port, parameters});
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, {recursive: true, force: true});
  }
}

/** Makes sure that the role and the database are there. */
export async function addAccount(
  {connectionString}: Server,
  {user, password, database}: {user: string; password: string; database: string},
): Promise<void> {
  await using admin = createConnectionPool(connectionString);
  const [found] = await admin.query(sql`
    SELECT
      to_regrole(quote_ident(${user})) IS NOT NULL AS user,
      EXISTS (SELECT FROM pg_database WHERE datname = ${database}) AS database
  `);
  if (found.user !== true) await admin.query(sql`CREATE ROLE ${sql.ident(user)} LOGIN`);
  await setPassword(connectionString, user, password);
  if (found.database !== true) await admin.query(sql`CREATE DATABASE ${sql.ident(database)}`);
}

async function setPassword(adminUrl: string, user: string, password: string): Promise<void> {
  await using admin = createConnectionPool(adminUrl);
  const [row] = await admin.query(
    sql`SELECT format('ALTER ROLE %I PASSWORD %L', ${user}::text, ${password}::text) AS command`,
  );
  await admin.query(sql.__dangerous__rawValue(String(row.command)));
}
