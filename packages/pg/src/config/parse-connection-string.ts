/** The public reader of connection strings: what the string itself says, no environment, no files, no defaults. */
import {readConnectionString} from './connection-string';
import {readPort} from './hosts';
import {secretKeywords} from './parameters';
import {hideSecrets} from './secret';
import type {Provenance} from './settings';

export interface ParsedConnectionString {
  /** Empty when the string names none; an empty entry stands for the default. */
  readonly host: readonly string[];
  readonly hostaddr: readonly string[];
  /** As in the string: not necessarily as many as hosts. `undefined`: the default. */
  readonly port: readonly (number | undefined)[];
  readonly user: string | undefined;
  /** Hidden: not enumerable. */
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** The other parameters by libpq keyword, as text. `sslpassword` is hidden. */
  readonly parameters: Readonly<Record<string, string>>;
}

const ownFields: ReadonlySet<string> = new Set([
  'host',
  'hostaddr',
  'port',
  'user',
  'password',
  'dbname',
]);
const from: Provenance = {kind: 'connectionString', name: 'connectionString'};

/**
 * Reads `postgres://...` or `host=... dbname=...` as libpq 18 does, and says no where libpq would connect to something
 * that nobody meant.
 *
 * @throws {ConfigurationError} `PG_CONFIGURATION_INVALID`; its message contains nothing of the password.
 */
export function parseConnectionString(text: string): ParsedConnectionString {
  const {settings} = readConnectionString(text, from);
  const value = (keyword: string): string | undefined => settings.get(keyword)?.value;
  const list = (keyword: string): string[] => {
    const joined = value(keyword) ?? '';
    return joined === '' ? [] : joined.split(',');
  };
  const others = [...settings]
    .filter(([keyword]) => !ownFields.has(keyword))
    .map(([keyword, setting]) => [keyword, setting.value] as const);
  const parameters = Object.fromEntries(others.filter(([keyword]) => !secretKeywords.has(keyword)));
  hideSecrets(
    parameters,
    Object.fromEntries(others.filter(([keyword]) => secretKeywords.has(keyword))),
  );
  const parsed = {
    host: Object.freeze(list('host')),
    hostaddr: Object.freeze(list('hostaddr')),
    port: Object.freeze(
      list('port').map((port) => (port === '' ? undefined : readPort(port, from))),
    ),
    user: value('user'),
    database: value('dbname'),
    parameters: Object.freeze(parameters),
  };
  hideSecrets(parsed, {password: value('password')});
  return Object.freeze(parsed);
}
