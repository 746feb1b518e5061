/** The shape of a resolved configuration. Types only. */
import type {PasswordFunction} from './options';
import type {Provenance} from './settings';
import type {ResolvedSsl} from './ssl';

export type AuthenticationMethod =
  | 'none'
  | 'password'
  | 'md5'
  | 'scram-sha-256'
  | 'gss'
  | 'sspi'
  | 'oauth';
export type TargetSessionAttrs =
  | 'any'
  | 'read-write'
  | 'read-only'
  | 'primary'
  | 'standby'
  | 'prefer-standby';
/**
 * `auto`: statements are prepared and named where it pays. `named`: always. `never`: no statement has a name, for
 * poolers that forget them.
 */
export type StatementPreparation = 'auto' | 'named' | 'never';
export type ProtocolVersion = '3.0' | '3.2' | 'latest';

/** What the connection string and the environment say about the pool; `resolvePoolOptions` takes it as defaults. */
export interface PoolOptionDefaults {
  readonly hostCount?: number;
  readonly connectionTimeoutMilliseconds?: number;
  readonly queueTimeoutMilliseconds?: number;
  readonly poolSize?: number;
  readonly schema?: string;
  readonly prepare?: StatementPreparation;
  readonly keepAlive?: boolean;
  readonly keepAliveInitialDelayMilliseconds?: number;
}

/**
 * Everything needed to connect, frozen. `password`, `passwords`, `askPassword` and the secrets in `ssl` are hidden: they can be read
 * by name and do not show in JSON, `inspect` or a spread copy (which therefore lacks them).
 */
export interface ResolvedConfig {
  /** One entry per server. `/dir` is the directory of a Unix socket, `@name` an abstract one. Never empty. */
  readonly host: readonly string[];
  /** Addresses to connect to in place of looking `host` up: as many as hosts (`''`: look it up), or none. */
  readonly hostaddr: readonly string[];
  /** As many as hosts. */
  readonly port: readonly number[];
  readonly database: string;
  readonly user: string;
  /** Hidden. For several hosts with a password file see `passwords`. */
  readonly password: string | undefined;
  /** Hidden. The password for each host: they differ only when they come from a password file. */
  readonly passwords: readonly (string | undefined)[];
  /** Hidden. To be asked once per physical connection; where there is one, `passwords` has none. */
  readonly askPassword: PasswordFunction | undefined;
  readonly ssl: ResolvedSsl;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
  /** The methods the server may use to authenticate; `undefined`: any. `none`: it may let us in without asking. */
  readonly requireAuth: readonly AuthenticationMethod[] | undefined;
  /** Command-line options for the server (startup parameter `options`). */
  readonly options: string | undefined;
  /** The fallback included. */
  readonly applicationName: string | undefined;
  readonly fallbackApplicationName: string | undefined;
  readonly clientEncoding: 'UTF8';
  /** From PGTZ, PGGEQO and PGDATESTYLE: `timezone`, `geqo`, `DateStyle` (whose output style is always ISO). */
  readonly sessionParameters: Readonly<Record<string, string>>;
  /** `undefined`: not said; 0: no limit. */
  readonly connectTimeoutMilliseconds: number | undefined;
  readonly targetSessionAttrs: TargetSessionAttrs;
  readonly loadBalanceHosts: 'disable' | 'random';
  /** `undefined`: not said. */
  readonly keepAlive: boolean | undefined;
  readonly keepAliveInitialDelayMilliseconds: number | undefined;
  readonly minProtocolVersion: ProtocolVersion;
  readonly maxProtocolVersion: ProtocolVersion;
  readonly poolDefaults: PoolOptionDefaults;
  /** Where each value came from, by field name. */
  readonly provenance: Readonly<Record<string, Provenance>>;
  /** What was understood and is yet worth a look: a password file with open permissions, a raw `@`, ... */
  readonly warnings: readonly string[];
}
