/** Where and how to connect: see resolve.ts. */
export {resolveConfig} from './resolve';
export {RememberedConfig} from './remembered-config';
export {parseConnectionString} from './parse-connection-string';
export type {ParsedConnectionString} from './parse-connection-string';
export {describeTarget} from './describe';
export {fingerprint} from './fingerprint';
export {formatConnectionString} from './format-connection-string';
export type {ConnectionParts} from './format-connection-string';
export type {
  ConnectionOptions,
  PasswordFunction,
  PasswordRequest,
  SocketFunction,
  SocketRequest,
} from './options';
export type {
  AuthenticationMethod,
  PoolOptionDefaults,
  ProtocolVersion,
  ResolvedConfig,
  StatementPreparation,
  TargetSessionAttrs,
} from './resolved-config';
export {nameSource} from './settings';
export type {ConfigSources, Provenance, ProvenanceKind} from './settings';
export type {NodeTlsOptions, ResolvedSsl, SslMode, TlsVersion} from './ssl';
export {resolvePoolOptions} from './pool-options';
export type {
  BigIntMode,
  ConnectionPoolConfig,
  FormattedQuery,
  PoolHandlers,
  SqlCommenter,
  SlowQuery,
  ResolvedPoolOptions,
  TypeOverrides,
  TypeParserRegistry,
} from './connection-pool-config';
