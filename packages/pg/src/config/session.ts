/**
 * The settings that say how to talk to a server once there is one: authentication, session, protocol, keep-alive.
 * libpq keywords in, fields of `ResolvedConfig` out.
 */
import type {AuthenticationMethod, ProtocolVersion, ResolvedConfig} from './resolved-config';
import {invalid} from './settings';
import type {Setting} from './settings';
import {oneOf, wholeNumber} from './values';
import {didYouMean} from './suggestion';

export type Session = Pick<
  ResolvedConfig,
  | 'channelBinding'
  | 'requireAuth'
  | 'options'
  | 'applicationName'
  | 'fallbackApplicationName'
  | 'clientEncoding'
  | 'sessionParameters'
  | 'connectTimeoutMilliseconds'
  | 'targetSessionAttrs'
  | 'loadBalanceHosts'
  | 'keepAlive'
  | 'keepAliveInitialDelayMilliseconds'
  | 'minProtocolVersion'
  | 'maxProtocolVersion'
>;

/** Finds a setting and records its provenance under a field name. */
export type Take = (keyword: string, field: string) => Setting | undefined;
export type Find = (keyword: string) => Setting | undefined;

export function resolveSession(take: Take): Session {
  const channelBinding = take('channel_binding', 'channelBinding');
  const requireAuth = take('require_auth', 'requireAuth');
  const target = take('target_session_attrs', 'targetSessionAttrs');
  const balance = take('load_balance_hosts', 'loadBalanceHosts');
  const keepAlive = take('keepalives', 'keepAlive');
  const fallback = take('fallback_application_name', 'fallbackApplicationName')?.value;
  refuseOtherEncodings(take('client_encoding', 'clientEncoding'));
  return {
    channelBinding:
      channelBinding === undefined
        ? 'prefer'
        : oneOf(channelBinding, 'channel_binding', ['disable', 'prefer', 'require']),
    requireAuth: requireAuth === undefined ? undefined : readRequireAuth(requireAuth),
    options: take('options', 'options')?.value,
    applicationName: take('application_name', 'applicationName')?.value ?? fallback,
    fallbackApplicationName: fallback,
    clientEncoding: 'UTF8',
    sessionParameters: readSessionParameters(take),
    connectTimeoutMilliseconds: readSeconds(
      take('connect_timeout', 'connectTimeoutMilliseconds'),
      'connect_timeout',
    ),
    targetSessionAttrs:
      target === undefined
        ? 'any'
        : oneOf(target, 'target_session_attrs', [
            'any',
            'read-write',
            'read-only',
            'primary',
            'standby',
            'prefer-standby',
          ]),
    loadBalanceHosts:
      balance === undefined
        ? 'disable'
        : oneOf(balance, 'load_balance_hosts', ['disable', 'random']),
    keepAlive: keepAlive === undefined ? undefined : wholeNumber(keepAlive, 'keepalives', '') !== 0,
    keepAliveInitialDelayMilliseconds: readSeconds(
      take('keepalives_idle', 'keepAliveInitialDelayMilliseconds'),
      'keepalives_idle',
    ),
    ...readProtocolVersions(take),
  };
}

function readSeconds(setting: Setting | undefined, keyword: string): number | undefined {
  if (setting === undefined) return undefined;
  const seconds = wholeNumber(setting, keyword, ' of seconds');
  // Node's timers end at 2^31-1 ms (24.8 days).
  return Math.min(Math.max(0, seconds) * 1000, 2_147_483_647);
}

function readProtocolVersions(
  take: Take,
): Pick<ResolvedConfig, 'minProtocolVersion' | 'maxProtocolVersion'> {
  const versions = ['3.0', '3.2', 'latest'] as const satisfies readonly ProtocolVersion[];
  const read = (setting: Setting | undefined, keyword: string): ProtocolVersion | undefined =>
    setting === undefined ? undefined : oneOf(setting, keyword, versions);
  const minSetting = take('min_protocol_version', 'minProtocolVersion');
  const min = read(minSetting, 'min_protocol_version') ?? '3.0';
  // pqConnectOptions2(): 3.0 for the sake of poolers that do not negotiate, unless the minimum is above it.
  const max =
    read(take('max_protocol_version', 'maxProtocolVersion'), 'max_protocol_version') ??
    (min === '3.0' ? '3.0' : 'latest');
  // `latest` is 3.2 today, so that only 3.0 can be below.
  if (minSetting !== undefined && min !== '3.0' && max === '3.0')
    throw invalid(
      minSetting.from,
      `min_protocol_version=${min} is above max_protocol_version=3.0.`,
    );
  return {minProtocolVersion: min, maxProtocolVersion: max};
}

const methods = [
  'password',
  'md5',
  'scram-sha-256',
  'gss',
  'sspi',
  'oauth',
  'none',
] as const satisfies readonly AuthenticationMethod[];

// Docs "require_auth": a list of methods, or a list of methods with "!" before each one that is not wanted.
function readRequireAuth(setting: Setting): readonly AuthenticationMethod[] {
  const items = setting.value.split(',').map((item) => item.trim());
  const negated = items.filter((item) => item.startsWith('!'));
  if (negated.length > 0 && negated.length < items.length)
    throw invalid(setting.from, 'require_auth mixes methods with and without "!"; use one kind.');
  const named = items.map((item) => {
    const name = item.replace(/^!/, '');
    const method = methods.find((one) => one === name);
    if (method === undefined)
      throw invalid(
        setting.from,
        `require_auth names a method that does not exist; there are ${methods.join(', ')}.${didYouMean(name, methods)}`,
      );
    return method;
  });
  if (new Set(named).size < named.length)
    throw invalid(setting.from, 'require_auth names a method twice.');
  return negated.length > 0 ? methods.filter((method) => !named.includes(method)) : named;
}

function readSessionParameters(take: Take): Record<string, string> {
  const timezone = take('timezone', 'sessionParameters.timezone')?.value;
  const geqo = take('geqo', 'sessionParameters.geqo')?.value;
  const dateStyle = take('datestyle', 'sessionParameters.DateStyle');
  return {
    ...(timezone === undefined ? {} : {timezone}),
    ...(geqo === undefined ? {} : {geqo}),
    ...(dateStyle === undefined ? {} : {DateStyle: readDateStyle(dateStyle)}),
  };
}

// pg_char_to_encoding(): only letters and digits count. `auto`: what the terminal uses, and there is none.
function refuseOtherEncodings(setting: Setting | undefined): void {
  if (setting === undefined) return;
  const name = setting.value.toLowerCase().replace(/[^a-z\d]/g, '');
  if (['utf8', 'unicode', 'auto'].includes(name)) return;
  throw invalid(
    setting.from,
    'client_encoding must be UTF8: text reaches the program as JavaScript strings, whatever encoding the database has. Remove it.',
  );
}

const dateOrders: ReadonlyMap<string, string> = new Map([
  ['mdy', 'MDY'],
  ['us', 'MDY'],
  ['noneuro', 'MDY'],
  ['noneuropean', 'MDY'],
  ['dmy', 'DMY'],
  ['euro', 'DMY'],
  ['european', 'DMY'],
  ['ymd', 'YMD'],
]);

// check_datestyle(): an output style, which must be ours, and how ambiguous input is read, which is the server's affair.
function readDateStyle(setting: Setting): string {
  const words = setting.value.split(',').map((word) => word.trim().toLowerCase());
  const orders = words.filter((word) => word !== 'iso').map((word) => dateOrders.get(word));
  const [order] = orders;
  if (orders.length === 0) return 'ISO';
  if (orders.length === 1 && order !== undefined) return `ISO, ${order}`;
  throw invalid(
    setting.from,
    'dates are read in ISO style only. Use ISO, or ISO with the order of day, month and year for input: "ISO, DMY".',
  );
}
