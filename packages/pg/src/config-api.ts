/*
 * `@databases/pg/config`: how `createConnectionPool` finds out where and how to connect, for programs that want to
 * know it too. It opens no connection; config-api.mts gives the same objects to `import`.
 */
export {
  describeTarget,
  formatConnectionString,
  parseConnectionString,
  resolveConfig,
} from './config';
export {machineSources} from './machine-sources';
export {ConfigurationError} from './errors';
export type {
  AuthenticationMethod,
  ConfigSources,
  ConnectionOptions,
  ConnectionParts,
  NodeTlsOptions,
  ParsedConnectionString,
  PasswordFunction,
  PasswordRequest,
  PoolOptionDefaults,
  ProtocolVersion,
  Provenance,
  ProvenanceKind,
  ResolvedConfig,
  ResolvedSsl,
  SocketFunction,
  SocketRequest,
  SslMode,
  StatementPreparation,
  TargetSessionAttrs,
  TlsVersion,
} from './config';
