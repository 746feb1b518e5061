/** Says why a connection could not be opened, where it was tried, and what to do about it. */
import {AuthenticationError, ConnectionError, DatabaseError, PgError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';

export interface Attempt {
  /** `host:port` or the path of the socket. */
  readonly server: string;
  readonly user: string;
  readonly database: string;
  /** Where the password and the database name came from, for the errors that are about them. */
  readonly passwordSource: string;
  readonly databaseSource: string;
  /** The session was to have a transaction_timeout, which Postgres has since 17. */
  readonly transactionTimeout: boolean;
}

/** A server that answered and refused. */
export function refusedBy(fields: DatabaseErrorFields, attempt: Attempt): DatabaseError {
  return new DatabaseError(fields, {advice: adviceOn(fields, attempt)});
}

function adviceOn(fields: DatabaseErrorFields, attempt: Attempt): string {
  const where = `connecting to ${attempt.server}`;
  switch (fields.code) {
    case '28P01':
      return `${where}; the password came from ${attempt.passwordSource}: check it there`;
    case '28000':
      return `${where} as user "${attempt.user}"; check the user name and the server's pg_hba.conf`;
    case '3D000':
      return `${where}; the name came from ${attempt.databaseSource}: check it there, or run CREATE DATABASE`;
    case '42704':
      return attempt.transactionTimeout
        ? `${where}; transactionTimeoutMilliseconds needs Postgres 17 or later`
        : `${where}; check the settings in options and PGOPTIONS`;
    case '22023':
      return /client_connection_check_interval/.test(fields.message)
        ? `${where}; clientConnectionCheckIntervalMilliseconds needs a server that runs on Linux, macOS or a BSD`
        : where;
    case '53300':
      return `${where}; lower poolSize, or raise max_connections in the server`;
    default:
      return where;
  }
}

const NOT_TRUSTED =
  'the certificate of the server is not signed by an authority that is trusted here; name the right one with sslrootcert';

const NO_COMMON_VERSION =
  'ssl_min_protocol_version and ssl_max_protocol_version here and in the server leave no version of TLS that both may speak';

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check host and port, and that Postgres runs',
  ENOENT: 'there is no such socket; check the directory and the port, and that Postgres runs',
  ENOTFOUND: 'the host name is not known; check it for typing errors',
  EAI_AGAIN: 'the host name could not be looked up just now; check the name server',
  ETIMEDOUT: 'no answer; check the network and firewalls in between',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network',
  ECONNRESET: 'the server hung up; its log says why',
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  CERT_HAS_EXPIRED: 'the certificate of the server has to be renewed',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of the server is for another host; connect by a name that is in it, or use sslmode=verify-ca where the authority is your own',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the server does not trust the certificate of this client; name one with sslcert that is signed by an authority in its ssl_ca_file',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NO_COMMON_VERSION,
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_COMMON_VERSION,
  ERR_OSSL_X509_KEY_VALUES_MISMATCH:
    'sslkey is not the key of sslcert; name the file that was made with the certificate',
  ERR_OSSL_BAD_DECRYPT:
    'the private key is encrypted and sslpassword, if it is given at all, does not open it',
  // Also one wrong password in 256: what it decrypts to ends as it should, and is no key.
  ERR_OSSL_UNSUPPORTED:
    'sslkey is no private key that OpenSSL reads, or is encrypted and sslpassword, if it is given at all, does not open it',
};

/** A network that did not get as far as an answer. */
export function unreachable(error: unknown, attempt: Attempt): Error {
  if (error instanceof PgError && !(error instanceof ConnectionError)) return error;
  const cause = firstCause(error);
  const code: unknown = cause !== undefined && 'code' in cause ? cause.code : undefined;
  const advice = typeof code === 'string' ? ADVICE[code] : undefined;
  const reason = reasonOf(cause) ?? String(error);
  return new ConnectionError(
    `could not connect to ${attempt.server}: ${reason}${advice === undefined ? '' : ` (${advice})`}`,
    {code: 'PG_CONNECT_FAILED', cause: error},
  );
}

/** The message of an error of OpenSSL names its source files; what happened is in `reason`. */
function reasonOf(cause: Error | undefined): string | undefined {
  const reason: unknown = cause !== undefined && 'reason' in cause ? cause.reason : undefined;
  return typeof reason === 'string' && cause?.message.includes(':error:') === true
    ? reason
    : cause?.message;
}

/** Node tries all addresses of a name and throws what went wrong with each. */
function firstCause(error: unknown): Error | undefined {
  if (error instanceof AggregateError) return firstCause(error.errors[0]);
  return error instanceof Error ? error : undefined;
}

/** The server could not be reached, or is not ready, in a way that often ends by itself. */
export function isTransientConnectFailure(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    // 53300 too_many_connections; 57P01-57P03: shutting down, starting up.
    return error.code === '53300' || error.code.startsWith('57P');
  }
  return false;
}

/** The server is there and says no for a reason that the next attempt, and other hosts, would meet as well. */
export function isFinalConnectFailure(error: unknown): boolean {
  if (error instanceof AuthenticationError) return true;
  if (!(error instanceof DatabaseError)) return false;
  return error.code.startsWith('28') || error.code === '3D000';
}
