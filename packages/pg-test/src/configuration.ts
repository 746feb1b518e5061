/**
 * The text of the server's postgresql.conf and pg_hba.conf. Pure: it writes no file. The defaults
 * trade durability for speed, because a test server's data outlives nothing; `durable` takes that
 * back. Later lines win in postgresql.conf, so the caller's settings come last.
 */

export type AuthenticationMethod = 'trust' | 'scram-sha-256' | 'md5' | 'password';

/** The bootstrap superuser; over the unix socket it is always trusted, for our own commands. */
export const ADMINISTRATOR = 'postgres';

export interface Configuration {
  port: number;
  socketDirectories: readonly string[];
  authentication: AuthenticationMethod;
  durable: boolean;
  tls: boolean;
  logLevel: string | undefined;
  settings: Readonly<Record<string, string>>;
  platform: string;
}

export function postgresqlConf(configuration: Configuration): string {
  const windows = configuration.platform === 'win32';
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(configuration.port),
    unix_socket_directories: windows ? '' : configuration.socketDirectories.join(','),
    max_connections: '100',
    shared_buffers: '64MB',
    // `mmap` keeps these segments inside the data folder: a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: windows ? 'windows' : 'mmap',
    checkpoint_timeout: '30min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    datestyle: 'iso, mdy',
    default_text_search_config: 'pg_catalog.english',
    password_encryption: configuration.authentication === 'md5' ? 'md5' : 'scram-sha-256',
    log_line_prefix: '%m [%p] ',
  };
  if (!configuration.durable) {
    settings['fsync'] = 'off';
    settings['full_page_writes'] = 'off';
  }
  if (configuration.tls) {
    settings['ssl'] = 'on';
    settings['ssl_cert_file'] = 'server.crt';
    settings['ssl_key_file'] = 'server.key';
  }
  if (configuration.logLevel !== undefined) settings['log_min_messages'] = configuration.logLevel;
  Object.assign(settings, configuration.settings);
  return Object.entries(settings).map(settingLine).join('');
}

/** One line of postgresql.conf; quotes and backslashes are escaped as guc-file.l reads them. */
export function settingLine([name, value]: readonly [string, string]): string {
  return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`;
}

/** The caller's own lines come right after the administrator's, before the loopback defaults. */
export function pgHbaConf(
  authentication: AuthenticationMethod,
  callerLines: readonly string[] = [],
  platform: string = process.platform,
): string {
  const local =
    platform === 'win32'
      ? []
      : [`local all ${ADMINISTRATOR} trust`, `local replication ${ADMINISTRATOR} trust`];
  const databases = ['all', 'replication'];
  return [
    ...local,
    ...callerLines,
    ...(platform === 'win32'
      ? []
      : databases.map((database) => `local ${database} all ${authentication}`)),
    ...databases.map((database) => `host ${database} all 127.0.0.1/32 ${authentication}`),
    ...databases.map((database) => `host ${database} all ::1/128 ${authentication}`),
    '',
  ].join('\n');
}
