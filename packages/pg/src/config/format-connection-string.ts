/**
 * Parts of a connection string -> a `postgres://` string that reads back to the same parts.
 *
 * For passwords with characters that have a meaning in URLs, which is what goes wrong by hand most often.
 * Invariant: `parseConnectionString(formatConnectionString(parts))` gives `parts` again.
 */
import {assertOptionsObject, isWellFormed} from './options';
import {parseConnectionString} from './parse-connection-string';
import type {ParsedConnectionString} from './parse-connection-string';
import {invalid} from './settings';
import type {Provenance} from './settings';

/** What `parseConnectionString` gives; everything may be left out. */
export type ConnectionParts = {
  readonly [Field in keyof ParsedConnectionString]?: ParsedConnectionString[Field] | undefined;
};

const from: Provenance = {kind: 'connectionString', name: 'formatConnectionString'};

/**
 * Writes a connection string, with every special character escaped. It contains the password: do not log it
 * (`describeTarget` is for logs).
 *
 * @throws {ConfigurationError} For parts that no connection string can express (a zero character, an unknown
 * parameter, a comma in a host name).
 */
export function formatConnectionString(parts: ConnectionParts): string {
  assertOptionsObject(parts);
  const {user = '', password = '', database = ''} = parts;
  const credentials = `${escape(user)}${password === '' ? '' : `:${escape(password)}`}`;
  const hosts = parts.host ?? [];
  const ports = parts.port ?? [];
  if (hosts.some((host) => host.includes(',')))
    throw invalid(from, 'there is a comma in a host name; write several hosts as an array.');
  // Hosts in the authority have a port each, if only an empty one: other numbers of ports need the long form.
  const paired =
    Math.max(hosts.length, 1) === Math.max(ports.length, 1) &&
    (hosts.length !== 1 || hosts[0] !== '') &&
    (hosts.length < 2 || ports.length > 0);
  const authority = paired
    ? Array.from({length: Math.max(hosts.length, 1)}, (_, index) =>
        formatHost(hosts[index] ?? '', ports[index]),
      ).join(',')
    : '';
  const parameters = [
    ...(paired ? [] : list('host', hosts)),
    ...list('hostaddr', parts.hostaddr ?? []),
    ...(paired ? [] : list('port', ports)),
    ...readParameters(parts.parameters ?? {}),
  ].map(([keyword, value]) => `${escape(keyword)}=${escape(value)}`);
  const text = `postgres://${credentials === '' ? '' : `${credentials}@`}${authority}${
    database === '' ? '' : `/${escape(database)}`
  }${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
  // What does not read back is refused here, with the reader's own words, and not where it is used.
  parseConnectionString(text);
  return text;
}

/** `host:port` as it stands between `@` and `/`. */
export function formatHost(host: string, port: number | undefined): string {
  const name = /^[\da-f.]*:[\da-f:.]+(?:%\w+)?$/i.test(host)
    ? `[${host.replace('%', '%25')}]`
    : escape(host);
  return port === undefined ? name : `${name}:${port}`;
}

/** All but letters, digits and `-_.!~*'()` as %XX. */
export function escape(text: string): string {
  if (!isWellFormed(text))
    throw invalid(from, 'there is half a surrogate pair in it, which no text can contain.');
  return encodeURIComponent(text);
}

function list(
  keyword: string,
  values: readonly (string | number | undefined)[],
): [keyword: string, value: string][] {
  const joined = values.map((value) => value ?? '').join(',');
  return joined === '' ? [] : [[keyword, joined]];
}

// `sslpassword` is hidden, that is: not enumerable.
function readParameters(parameters: Readonly<Record<string, string>>): [string, string][] {
  return Object.getOwnPropertyNames(parameters).map((name) => [name, parameters[name] ?? '']);
}
