import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type ConfigurationErrorCode = 'PG_CONFIGURATION_INVALID' | 'PG_CONFIGURATION_MISSING';

/**
 * The options, the connection string or the environment do not say how to connect.
 * `source` names where the offending value came from, never the value of a secret.
 */
export class ConfigurationError extends PgError {
  readonly code: ConfigurationErrorCode;
  readonly source: string | undefined;

  constructor(
    message: string,
    options: PgErrorOptions & {code?: ConfigurationErrorCode; source?: string} = {},
  ) {
    super(message, options);
    this.code = options.code ?? 'PG_CONFIGURATION_INVALID';
    this.source = options.source;
  }
}
nameErrorClass(ConfigurationError, 'ConfigurationError');
