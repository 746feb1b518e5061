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

export function resolveSession(take: Take, find: Find, warn: (text: string) => void): Session {
  const channelBinding = take('channel_binding', 'channelBinding');
  const requireAuth = take('require_auth', 'requireAuth');
  const target = take('target_session_attrs', 'targetSessionAttrs');
  const balance = take('load_balance_hosts', 'loadBalanceHosts');
  const keepAlive = take('keepalives', 'keepAlive');
  const fallback = take('fallback_application_name', 'fallbackApplicationName')?.value;
  warnAboutIgnored(find, warn);
  take('client_encoding', 'clientEncoding');
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
  return {...(timezone === undefined ? {} : {timezone}), ...(geqo === undefined ? {} : {geqo})};
}

function warnAboutIgnored(find: Find, warn: (text: string) => void): void {
  const encoding = find('client_encoding');
  if (encoding !== undefined && !/^(?:utf-?8|unicode|auto)$/i.test(encoding.value))
    warn(
      `client_encoding is ignored: the connection uses UTF8, and text reaches the program as JavaScript strings.`,
    );
  if (find('datestyle') !== undefined)
    warn(
      'PGDATESTYLE is ignored: dates travel in ISO style and reach the program as Date objects.',
    );
  for (const keyword of ['keepalives_interval', 'keepalives_count'])
    if (find(keyword) !== undefined)
      warn(`${keyword} is ignored: Node only sets when the first keep-alive is sent.`);
}
