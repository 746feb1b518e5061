/**
 * The connection parameters of libpq 18, one row each: keyword, environment variable, and whether we honour it.
 *
 * Source: docs "Parameter Key Words" and "Environment Variables" of the libpq chapter, and what
 * `PQconndefaults()` of libpq 18 lists. A parameter that cannot be honoured is refused by name: connecting as if it
 * had been honoured would be a lie. Values that change nothing are accepted.
 */

export interface Refusal {
  /** Values that ask for nothing, so that they are accepted. */
  readonly harmless: readonly string[];
  readonly because: string;
  /** In the environment it may be meant for psql, and ignoring it weakens nothing: warn, do not refuse. */
  readonly inertInEnvironment?: true;
}

export interface Parameter {
  readonly keyword: string;
  readonly environmentVariable?: string;
  readonly refusal?: Refusal;
}

const noGss = 'this client does not speak GSSAPI';
const noOauth = 'this client does not speak OAuth';
const noScramKeys = 'this client computes the SCRAM keys from the password; use "password"';

export const parameters: readonly Parameter[] = [
  {keyword: 'service', environmentVariable: 'PGSERVICE'},
  {keyword: 'user', environmentVariable: 'PGUSER'},
  {keyword: 'password', environmentVariable: 'PGPASSWORD'},
  {keyword: 'passfile', environmentVariable: 'PGPASSFILE'},
  {keyword: 'channel_binding', environmentVariable: 'PGCHANNELBINDING'},
  {keyword: 'connect_timeout', environmentVariable: 'PGCONNECT_TIMEOUT'},
  {keyword: 'dbname', environmentVariable: 'PGDATABASE'},
  {keyword: 'host', environmentVariable: 'PGHOST'},
  {keyword: 'hostaddr', environmentVariable: 'PGHOSTADDR'},
  {keyword: 'port', environmentVariable: 'PGPORT'},
  {keyword: 'client_encoding', environmentVariable: 'PGCLIENTENCODING'},
  {keyword: 'options', environmentVariable: 'PGOPTIONS'},
  {keyword: 'application_name', environmentVariable: 'PGAPPNAME'},
  {keyword: 'fallback_application_name'},
  {keyword: 'keepalives'},
  {keyword: 'keepalives_idle'},
  // 0 is "as the system says". Node's setKeepAlive() sets one second and ten probes.
  {
    keyword: 'keepalives_interval',
    refusal: {harmless: ['0', '1'], because: 'Node always sends a probe every second'},
  },
  {
    keyword: 'keepalives_count',
    refusal: {harmless: ['0', '10'], because: 'Node always sends ten probes'},
  },
  {
    keyword: 'tcp_user_timeout',
    refusal: {
      harmless: ['0'],
      because: 'Node cannot set it; use the option queryTimeoutMilliseconds or keepAlive',
    },
  },
  {keyword: 'sslmode', environmentVariable: 'PGSSLMODE'},
  {keyword: 'sslnegotiation', environmentVariable: 'PGSSLNEGOTIATION'},
  {
    keyword: 'sslcompression',
    environmentVariable: 'PGSSLCOMPRESSION',
    refusal: {harmless: ['0'], because: 'TLS compression is insecure and Node has none'},
  },
  {keyword: 'sslcert', environmentVariable: 'PGSSLCERT'},
  {keyword: 'sslkey', environmentVariable: 'PGSSLKEY'},
  {
    keyword: 'sslcertmode',
    environmentVariable: 'PGSSLCERTMODE',
    refusal: {
      harmless: ['allow', 'disable'],
      because: 'Node does not tell whether the server asked for a certificate',
    },
  },
  {keyword: 'sslpassword'},
  {keyword: 'sslrootcert', environmentVariable: 'PGSSLROOTCERT'},
  {keyword: 'sslcrl', environmentVariable: 'PGSSLCRL'},
  {
    keyword: 'sslcrldir',
    environmentVariable: 'PGSSLCRLDIR',
    refusal: {
      harmless: [],
      because: 'Node reads no directory of lists; use one file with "sslcrl"',
    },
  },
  {keyword: 'sslsni', environmentVariable: 'PGSSLSNI'},
  {
    keyword: 'requirepeer',
    environmentVariable: 'PGREQUIREPEER',
    refusal: {harmless: [], because: 'Node cannot tell who owns the other end of a socket'},
  },
  {keyword: 'require_auth', environmentVariable: 'PGREQUIREAUTH'},
  {keyword: 'min_protocol_version', environmentVariable: 'PGMINPROTOCOLVERSION'},
  {keyword: 'max_protocol_version', environmentVariable: 'PGMAXPROTOCOLVERSION'},
  {keyword: 'ssl_min_protocol_version', environmentVariable: 'PGSSLMINPROTOCOLVERSION'},
  {keyword: 'ssl_max_protocol_version', environmentVariable: 'PGSSLMAXPROTOCOLVERSION'},
  {
    keyword: 'gssencmode',
    environmentVariable: 'PGGSSENCMODE',
    refusal: {harmless: ['disable', 'prefer'], because: noGss},
  },
  {
    keyword: 'krbsrvname',
    environmentVariable: 'PGKRBSRVNAME',
    refusal: {harmless: ['postgres'], because: noGss, inertInEnvironment: true},
  },
  {
    keyword: 'gsslib',
    environmentVariable: 'PGGSSLIB',
    refusal: {harmless: [], because: noGss, inertInEnvironment: true},
  },
  {
    keyword: 'gssdelegation',
    environmentVariable: 'PGGSSDELEGATION',
    refusal: {harmless: ['0'], because: noGss, inertInEnvironment: true},
  },
  {
    keyword: 'replication',
    refusal: {
      harmless: ['false', 'off', 'no', '0'],
      because: 'this client does not speak the replication protocol',
    },
  },
  {keyword: 'target_session_attrs', environmentVariable: 'PGTARGETSESSIONATTRS'},
  {keyword: 'load_balance_hosts', environmentVariable: 'PGLOADBALANCEHOSTS'},
  {keyword: 'scram_client_key', refusal: {harmless: [], because: noScramKeys}},
  {keyword: 'scram_server_key', refusal: {harmless: [], because: noScramKeys}},
  {keyword: 'oauth_issuer', refusal: {harmless: [], because: noOauth}},
  {keyword: 'oauth_client_id', refusal: {harmless: [], because: noOauth}},
  {keyword: 'oauth_client_secret', refusal: {harmless: [], because: noOauth}},
  {keyword: 'oauth_scope', refusal: {harmless: [], because: noOauth}},
  {
    keyword: 'sslkeylogfile',
    refusal: {harmless: [], because: 'start node with --tls-keylog=<file> instead'},
  },
];

/** Their values are secrets, and what follows an unquoted one in a string may be a piece of it. */
export const secretKeywords: ReadonlySet<string> = new Set([
  'password',
  'sslpassword',
  'oauth_client_secret',
  'scram_client_key',
  'scram_server_key',
]);

export const parameterByKeyword: ReadonlyMap<string, Parameter> = new Map(
  parameters.map((parameter) => [parameter.keyword, parameter]),
);
