/**
 * The places a value may come from, in order, and the rules between them.
 *
 * A higher layer wins, keyword by keyword, with two exceptions for what belongs together: the port and address in a
 * connection string belong to its hosts, and so do its user and password (docs of this package: `DATABASE_URL`).
 * It interprets no value.
 */
import {invalid, nameSource} from './settings';
import type {Provenance, Setting, Settings} from './settings';

/** Highest first. `url` is the connection string, or `DATABASE_URL` in its absence: never both. */
export interface Layers {
  readonly options: Settings;
  readonly url: Settings;
  readonly environment: Settings;
  readonly service: Settings;
}

// Closed lists, for which libpq takes no empty value: it must reach the check and not pass for "not given".
const emptyIsAValue: ReadonlySet<string> = new Set([
  'sslmode',
  'channel_binding',
  'target_session_attrs',
  'load_balance_hosts',
  'sslnegotiation',
]);

/** The effective setting of `keyword`. */
export function findSetting(layers: Layers, keyword: string): Setting | undefined {
  const {options, url, environment, service} = layers;
  for (const layer of [options, url, environment, service]) {
    const setting =
      layer === url && (keyword === 'port' || keyword === 'hostaddr')
        ? belongingToHosts(keyword, layers)
        : layer.get(keyword);
    if (setting !== undefined && (setting.value !== '' || emptyIsAValue.has(keyword)))
      return setting;
  }
  return undefined;
}

// The option `host` may name other servers than the connection string: its port is not theirs.
function belongingToHosts(keyword: string, {options, url}: Layers): Setting | undefined {
  const setting = url.get(keyword);
  const host = options.get('host');
  if (setting === undefined || host === undefined) return setting;
  const named = hostNames(url) ?? ['localhost'];
  const values = setting.value.split(',');
  if (values.length > 1 && values.length !== named.length) return setting;
  const own = split(host.value).map((name) => {
    const index = named.indexOf(name);
    return index === -1 ? '' : ((values.length === 1 ? values[0] : values[index]) ?? '');
  });
  return own.every((value) => value === '') ? undefined : {...setting, value: own.join(',')};
}

/**
 * Credentials of one source never go to a host that another source chose.
 * @throws {ConfigurationError} Naming both sources.
 */
export function checkCredentials(layers: Layers): void {
  const host = findSetting(layers, 'host');
  if (host === undefined) return;
  checkCredentialsOf(layers.url, host, layers, host.from.kind === 'option');
  checkCredentialsOf(layers.service, host, layers, host.from.kind !== 'serviceFile');
}

function checkCredentialsOf(
  layer: Settings,
  host: Setting,
  layers: Layers,
  chosenElsewhere: boolean,
): void {
  if (!chosenElsewhere) return;
  const taken = ['user', 'password'].filter((keyword) => {
    const effective = findSetting(layers, keyword);
    return effective !== undefined && effective === layer.get(keyword);
  });
  const source = taken[0] === undefined ? undefined : layer.get(taken[0])?.from;
  if (source === undefined) return;
  const named = hostNames(layer);
  // A string passed beside `host` and without a host of its own was written for that host.
  if (named === undefined && !isAmbient(source)) return;
  const allowed = new Set((named ?? ['localhost']).map((name) => name.toLowerCase()));
  if (split(host.value).every((name) => allowed.has(name))) return;
  const what = taken.length === 2 ? 'user and password' : String(taken[0]);
  throw invalid(
    host.from,
    `it names a server that ${nameSource(source)} does not name, while ${what} would come from ${nameSource(source)}. They are not sent there: give user and password together with host${
      isAmbient(source) ? `, or connectionString: false to ignore ${source.name}` : ''
    }.`,
  );
}

// Found rather than passed: DATABASE_URL.
function isAmbient(source: Provenance): boolean {
  return source.kind === 'connectionString' && source.name !== 'connectionString';
}

function hostNames(layer: Settings): string[] | undefined {
  const names = split(layer.get('host')?.value ?? '');
  const addresses = split(layer.get('hostaddr')?.value ?? '');
  if (names.length === 0) return addresses.length === 0 ? undefined : addresses;
  return names;
}

function split(hosts: string): string[] {
  return hosts === ''
    ? []
    : hosts
        .toLowerCase()
        .split(',')
        .map((name) => name || 'localhost');
}
