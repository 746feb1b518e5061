/**
 * The connection options a program passes -> settings by keyword.
 *
 * Checks types, since JavaScript programs and `process.env` values reach this too; what the values mean is decided
 * where they are used. Option names are checked in pool-options.ts, which knows all of them.
 */
import type {Duplex} from 'node:stream';
import {ConfigurationError} from '../errors';
import {invalid} from './settings';
import type {Provenance, Setting, Settings} from './settings';
import {sslModes} from './ssl';
import type {NodeTlsOptions, SslMode} from './ssl';

/** Whom a password is for. */
export interface PasswordRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** 1; and 2 when the server refused what was given at 1, in case it was replaced in between. There is no 3. */
  readonly attempt: number;
}

/**
 * Gives the password for one physical connection: asked for each, before it is opened, and not kept, so that tokens
 * that expire (IAM) and passwords that are rotated stay fresh. Counts against `connectionTimeoutMilliseconds`. What it
 * throws fails the connection, as the cause of an `AuthenticationError`.
 */
export type PasswordFunction = (request: PasswordRequest) => string | Promise<string>;

/** Where a socket has to lead. */
export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  /** Aborted when the connection is given up, for example after `connectionTimeoutMilliseconds`. */
  readonly signal: AbortSignal;
}

/**
 * Opens the way to a server: a tunnel, a proxy, a cloud connector. TLS is negotiated on top as `ssl` says. Called for each
 * connection and for each request to cancel a query. What it throws is a `ConnectionError`.
 */
export type SocketFunction = (request: SocketRequest) => Duplex | Promise<Duplex>;

/** How to connect. What is left out comes from the connection string, the environment and the files. */
export interface ConnectionOptions {
  /**
   * `postgres://user:password@host:5432/database`, or `host=... dbname=...`.
   * Default: the environment variable `DATABASE_URL`. `false`: ignore that variable.
   */
  readonly connectionString?: string | false | undefined;
  /** Default: the operating system's user name. */
  readonly user?: string | undefined;
  /**
   * Or a function that is asked once per physical connection; then no password of another source is used.
   * Default: as the connection string, the service file, `PGPASSWORD` or the password file says.
   */
  readonly password?: string | PasswordFunction | undefined;
  /** A name, an address, or the directory of a Unix socket; several are tried in order. Default: `localhost`. */
  readonly host?: string | readonly string[] | undefined;
  /** One for all hosts, or one per host (`null`: the default). Default: 5432. */
  readonly port?: number | readonly (number | null)[] | undefined;
  /** Default: the same as `user`. */
  readonly database?: string | undefined;
  /**
   * `false`: no TLS. `true`: TLS, as `sslmode=require`, or as the connection string says where it asks for more.
   * A text: as libpq's `sslmode`. An object: options of Node's `tls.connect`, which verifies unless
   * `rejectUnauthorized: false`. Default: as the connection string says, else `prefer`.
   */
  readonly ssl?: boolean | SslMode | NodeTlsOptions | undefined;
  /** Shown in `pg_stat_activity`. Beats `PGAPPNAME`. */
  readonly applicationName?: string | undefined;
  /** Used when no application name is given anywhere else. */
  readonly fallbackApplicationName?: string | undefined;
  /**
   * Opens the socket in place of this package; `keepAlive` is then its affair. Default: TCP, or a Unix socket where the
   * host is a directory.
   */
  readonly socket?: SocketFunction | undefined;
}

export interface ReadOptions {
  readonly settings: Settings;
  readonly ssl: boolean | NodeTlsOptions | undefined;
  readonly askPassword: PasswordFunction | undefined;
}

const textOptions = [
  ['user', 'user'],
  ['password', 'password'],
  ['database', 'dbname'],
  ['applicationName', 'application_name'],
  ['fallbackApplicationName', 'fallback_application_name'],
] as const satisfies readonly (readonly [keyof ConnectionOptions, string])[];

/** @throws {ConfigurationError} For a value of the wrong type. */
export function readOptions(options: ConnectionOptions): ReadOptions {
  const settings = new Map<string, Setting>();
  const add = (keyword: string, name: string, value: string): void => {
    const from: Provenance = {kind: 'option', name};
    if (value.includes('\0')) throw invalid(from, 'there is a zero character in it.');
    if (!isWellFormed(value))
      throw invalid(from, 'there is half a surrogate pair in it, which no text can contain.');
    if (value !== '') settings.set(keyword, {value, from});
  };
  for (const [name, keyword] of textOptions) {
    const value: unknown = options[name];
    if (value === undefined || (name === 'password' && typeof value === 'function')) continue;
    if (typeof value !== 'string')
      throw wrongType(name, name === 'password' ? 'a string or a function' : 'a string', value);
    add(keyword, name, value);
  }
  const host: unknown = options.host;
  if (host !== undefined) add('host', 'host', readHost(host));
  const port: unknown = options.port;
  if (port !== undefined) add('port', 'port', readPort(port));
  const askPassword = typeof options.password === 'function' ? options.password : undefined;
  const ssl: unknown = options.ssl;
  if (typeof ssl === 'string') {
    // An empty text must not pass for "not given": it is most often a variable that was meant to say something.
    settings.set('sslmode', {value: ssl, from: {kind: 'option', name: 'ssl'}});
    return {settings, ssl: undefined, askPassword};
  }
  if (ssl === undefined || typeof ssl === 'boolean' || isTlsOptions(ssl))
    return {settings, ssl, askPassword};
  throw wrongType('ssl', `true, false, one of ${sslModes.join(', ')}, or an object`, ssl);
}

/** An object of options, and not what JavaScript programs pass in its place by mistake. */
export function assertOptionsObject(input: unknown): asserts input is object {
  if (
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input) &&
    !(input instanceof URL)
  )
    return;
  const hint = input instanceof URL ? ' Pass url.href.' : '';
  throw new ConfigurationError(
    `The configuration must be a connection string or an object of options; got ${describeType(input)}.${hint}`,
  );
}

/** No lone surrogates: they cannot be written as UTF-8, so that the server would get another text. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** For messages: the type only, since the value may be a secret. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof URL) return 'a URL object';
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function wrongType(name: string, expected: string, value: unknown): ConfigurationError {
  return invalid({kind: 'option', name}, `must be ${expected}; got ${describeType(value)}.`);
}

function readHost(host: unknown): string {
  if (typeof host === 'string') return host;
  if (!Array.isArray(host) || !host.every((one) => typeof one === 'string'))
    throw wrongType('host', 'a string or an array of strings', host);
  if (host.length === 0)
    throw invalid({kind: 'option', name: 'host'}, 'the array is empty; name at least one host.');
  return host.join(',');
}

function readPort(port: unknown): string {
  const ports: readonly unknown[] = Array.isArray(port) ? port : [port];
  return ports
    .map((one) => {
      if (one === null && Array.isArray(port)) return '';
      if (typeof one !== 'number') throw wrongType('port', 'a number or an array of numbers', one);
      if (!Number.isInteger(one) || one < 1 || one > 65_535)
        throw invalid(
          {kind: 'option', name: 'port'},
          `must be a whole number from 1 to 65535; got ${one}.`,
        );
      return String(one);
    })
    .join(',');
}

function isTlsOptions(value: unknown): value is NodeTlsOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
