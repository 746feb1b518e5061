/**
 * The places a value may come from, in order, and the rules between them.
 *
 * A higher layer wins, keyword by keyword, with exceptions for what belongs together: the port and address in a
 * connection string belong to its hosts, and so do the user and password of any source to the hosts it names.
 * It interprets no value.
 */
import {invalid, nameSource} from './settings';
import type {Provenance, Setting, Settings} from './settings';

/** Highest first. `url` is the connection string, or `DATABASE_URL` in its absence: never both. */
export interface Layers {
  readonly options: Settings;
  readonly url: Settings;
  readonly service: Settings;
  readonly environment: Settings;
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
  const {options, url, service, environment} = layers;
  for (const layer of [options, url, service, environment]) {
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

/** For when a function gives the password: the others must not count, not even as somebody's credentials. */
export function withoutPasswords(layers: Layers): Layers {
  const {options, url, service, environment} = layers;
  return {
    options,
    url: withoutPassword(url),
    service: withoutPassword(service),
    environment: withoutPassword(environment),
  };
}

function withoutPassword(settings: Settings): Settings {
  return new Map([...settings].filter(([keyword]) => keyword !== 'password'));
}

/**
 * Credentials of one source never go to a host that another source chose.
 * @throws {ConfigurationError} Naming both sources.
 */
export function checkCredentials(layers: Layers): void {
  const host = findSetting(layers, 'host');
  const address = findSetting(layers, 'hostaddr');
  if (host !== undefined && address !== undefined) refuseForeignAddress(host, address);
  const target = address ?? host;
  if (target === undefined) return;
  checkCredentialsOf(layers.url, ['user', 'password'], target, layers);
  checkCredentialsOf(layers.service, ['user', 'password'], target, layers);
  // A user name alone is no secret, and PGUSER is often set for all servers.
  checkCredentialsOf(layers.environment, ['password'], target, layers);
}

// PGHOSTADDR is the address of PGHOST, and would lead what is meant for another host astray.
function refuseForeignAddress(host: Setting, address: Setting): void {
  if (address.from.kind === 'connectionString' || rank(address) <= rank(host)) return;
  throw invalid(
    address.from,
    `it would lead the connection for the host of ${nameSource(host.from)} to another address. Remove it, or give hostaddr beside that host.`,
  );
}

function rank(setting: Setting): number {
  return ['option', 'connectionString', 'serviceFile', 'environment'].indexOf(setting.from.kind);
}

function checkCredentialsOf(
  layer: Settings,
  keywords: readonly string[],
  target: Setting,
  layers: Layers,
): void {
  const taken = keywords.filter((keyword) => {
    const effective = findSetting(layers, keyword);
    return effective !== undefined && effective === layer.get(keyword);
  });
  const own = taken[0] === undefined ? undefined : layer.get(taken[0]);
  // What a layer leaves out, the layers below it fill in.
  if (own === undefined || rank(target) >= rank(own)) return;
  const source = own.from;
  const named = hostNames(layer);
  // A string passed beside `host` and without a host of its own was written for that host.
  if (named === undefined && !isAmbient(source)) return;
  const allowed = new Set((named ?? ['localhost']).map((name) => name.toLowerCase()));
  if (split(target.value).every((name) => allowed.has(name))) return;
  const what = taken.length === 2 ? 'user and password' : String(taken[0]);
  throw invalid(
    target.from,
    `it names a server that ${nameSource(withoutSpot(source))} does not name, while ${what} would come from ${nameSource(withoutSpot(source))}. They are not sent there: give user and password together with host${
      isAmbient(source) ? `, or connectionString: false to ignore ${source.name}` : ''
    }.`,
  );
}

function withoutSpot({kind, name}: Provenance): Provenance {
  return {kind, name};
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
