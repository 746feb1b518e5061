/**
 * Connection string + options + environment + files -> one frozen config that knows where each value came from.
 *
 * Precedence, field by field: option, connection string (or `DATABASE_URL` in its absence), service file, PG*
 * variables, password file (password only), defaults: conninfo_add_defaults() of libpq. Pure: everything outside comes through `ConfigSources`.
 */
import {ConfigurationError} from '../errors';
import {connectionStringVariable} from './config-file';
import {readConnectionString} from './connection-string';
import type {ReadConnectionString} from './connection-string';
import {readEnvironment} from './environment';
import {resolveHosts} from './hosts';
import {checkCredentials, findSetting, withoutPasswords} from './layers';
import type {Layers} from './layers';
import {assertOptionsObject, readOptions, wrongType} from './options';
import type {ConnectionOptions} from './options';
import {parameters} from './parameters';
import {lookUpPasswords} from './passwords';
import {describePoolDefaults} from './pool-defaults';
import type {ResolvedConfig} from './resolved-config';
import {hideSecrets} from './secret';
import {readService} from './service-file';
import {resolveSession} from './session';
import {invalid, nameSource} from './settings';
import type {ConfigSources, Provenance, Setting, Settings} from './settings';
import {resolveSsl} from './ssl';

const nothing: Settings = new Map();

/**
 * Works out how to connect. Reads the files it needs through `sources` and nothing else.
 *
 * @throws {ConfigurationError} `PG_CONFIGURATION_MISSING` when nothing says where to connect: no argument (or `''`), no
 * `DATABASE_URL` and no PGUSER, PGPASSWORD, PGHOST, PGDATABASE or PGSERVICE; or when no user name can be found.
 * `PG_CONFIGURATION_INVALID` for everything that cannot be understood or honoured. Neither contains a secret.
 */
export function resolveConfig(
  input: string | ConnectionOptions | undefined,
  given: ConfigSources,
): ResolvedConfig {
  const sources = neverThrowing(given);
  const passed: ConnectionOptions = typeof input === 'string' || input === undefined ? {} : input;
  assertOptionsObject(passed);
  const options = readOptions(passed);
  const url = readUrl(typeof input === 'string' ? input : passed.connectionString, sources);
  const environment = readEnvironment(sources.env);
  if (input === undefined || input === '') refuseNothing(url, environment, sources);
  const said = addService({options: options.settings, url: url.settings, environment}, sources);
  const layers = options.askPassword === undefined ? said : withoutPasswords(said);
  const warnings = [...url.warnings];
  refuseUnsupported(layers, warnings);
  checkCredentials(layers);

  const provenance = new Map<string, Provenance>();
  const find = (keyword: string): Setting | undefined => findSetting(layers, keyword);
  const take = (keyword: string, field: string): Setting | undefined => {
    const setting = find(keyword);
    provenance.set(field, setting?.from ?? {kind: 'default', name: keyword});
    return setting;
  };
  const warn = (text: string): void => void warnings.push(text);

  const hosts = resolveHosts(
    take('host', 'host'),
    take('hostaddr', 'hostaddr'),
    take('port', 'port'),
  );
  const user = take('user', 'user')?.value ?? defaultUser(sources);
  const database = take('dbname', 'database')?.value ?? user;
  const secrets = lookUpPasswords(
    {given: take('password', 'password'), ask: options.askPassword, passfile: find('passfile')},
    {hosts, user, database},
    sources,
    warn,
  );
  if (secrets.from !== undefined) provenance.set('password', secrets.from);
  const {ssl, from: sslFrom} = resolveSsl({find, option: options.ssl, sources, warn});
  provenance.set('ssl', sslFrom);
  const session = resolveSession(take);
  if (session.channelBinding === 'require' && ssl.mode === 'disable')
    throw invalid(
      provenance.get('channelBinding') ?? sslFrom,
      `channel_binding=require needs TLS, which ${nameSource(sslFrom)} disables.`,
    );
  const config = {
    ...hosts,
    database,
    user,
    ssl,
    ...session,
    poolDefaults: describePoolDefaults(find, session, hosts.host.length),
    provenance: Object.fromEntries(provenance),
    warnings,
  };
  hideSecrets(config, {
    password: secrets.passwords[0],
    passwords: secrets.passwords,
    askPassword: options.askPassword,
  });
  return deepFreeze(config);
}

// `readFileSync` as it is will do for a reader: a file that cannot be read says nothing.
function neverThrowing(sources: ConfigSources): ConfigSources {
  // Not spread: each field is asked for where it is needed, since some cost a call of the system.
  return {
    env: sources.env,
    readFile: (path) => attempt(() => sources.readFile(path)),
    fileMode: (path) => attempt(() => sources.fileMode?.(path)),
    get homedir() {
      return sources.homedir;
    },
    get username() {
      return sources.username;
    },
    get platform() {
      return sources.platform;
    },
    get cwd() {
      return sources.cwd;
    },
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function readUrl(connectionString: unknown, sources: ConfigSources): ReadConnectionString {
  if (connectionString === false) return {settings: nothing, warnings: []};
  if (typeof connectionString === 'string' && connectionString !== '')
    return readConnectionString(connectionString, {
      kind: 'connectionString',
      name: 'connectionString',
    });
  if (connectionString !== undefined && connectionString !== '')
    throw wrongType(
      'connectionString',
      'a string, or false to ignore DATABASE_URL',
      connectionString,
    );
  const variable = connectionStringVariable(sources);
  const text = sources.env[variable];
  if (text === undefined || text === '') return {settings: nothing, warnings: []};
  return readConnectionString(text, {kind: 'connectionString', name: variable});
}

function refuseNothing(
  url: ReadConnectionString,
  environment: Settings,
  sources: ConfigSources,
): void {
  const enough = ['user', 'password', 'host', 'dbname', 'service'];
  if (url.settings.size > 0 || enough.some((keyword) => environment.has(keyword))) return;
  const variable = connectionStringVariable(sources);
  throw new ConfigurationError(
    `Nothing says which database to connect to. Set the environment variable ${variable}, for example ${variable}=postgres://user:password@localhost:5432/database, or pass a connection string or options.`,
    {code: 'PG_CONFIGURATION_MISSING', source: variable},
  );
}

function addService(layers: Omit<Layers, 'service'>, sources: ConfigSources): Layers {
  const without = {...layers, service: nothing};
  const service = findSetting(without, 'service');
  return service === undefined ? without : {...layers, service: readService(service, sources)};
}

function refuseUnsupported(layers: Layers, warnings: string[]): void {
  for (const {keyword, refusal} of parameters) {
    if (refusal === undefined) continue;
    const setting = findSetting(layers, keyword);
    if (setting === undefined || refusal.harmless.includes(setting.value)) continue;
    const message = `${keyword} cannot be honoured: ${refusal.because}.`;
    if (refusal.inertInEnvironment !== true || setting.from.kind !== 'environment')
      throw invalid(setting.from, message);
    warnings.push(`${setting.from.name} is ignored: ${refusal.because}.`);
  }
}

function defaultUser(sources: ConfigSources): string {
  if (sources.username !== undefined && sources.username !== '') return sources.username;
  throw new ConfigurationError(
    'No user name: the connection string and the options give none, and the operating system knows none for this process. Set PGUSER or pass user.',
    {code: 'PG_CONFIGURATION_MISSING', source: 'PGUSER'},
  );
}

// Not into Node's TLS options: they hold Buffers, which cannot be frozen, and objects that are the caller's.
function deepFreeze<T extends object>(value: T): T {
  for (const field of Object.values(value) as unknown[])
    if (typeof field === 'object' && field !== null && !Object.isFrozen(field)) deepFreeze(field);
  return Object.freeze(value);
}
