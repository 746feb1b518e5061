/** Connection strings as people have them: from clouds, other clients, shells, and typed by hand. */
import {suite} from 'node:test';
import {checkRow} from './table.test.fixture';
import type {Expected} from './table.test.fixture';

type Fields = Readonly<Record<string, unknown>>;

function table(name: string, rows: readonly (readonly [string, Expected, Fields?])[]): void {
  suite(name, () => {
    for (const [input, expected, fields] of rows)
      checkRow({input, expected, ...(fields === undefined ? {} : {fields})});
  });
}

const never = {poolDefaults: {hostCount: 1, prepare: 'never'}};

table('clouds', [
  [
    'postgresql://neondb_owner:npg_x@ep-a-1.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
    'neondb_owner:npg_x@ep-a-1.eu-central-1.aws.neon.tech:5432/neondb require',
    {channelBinding: 'require'},
  ],
  [
    'postgres://o:p@ep-a-pooler.neon.tech/db?sslmode=verify-full&options=endpoint%3Dep-a',
    'o:p@ep-a-pooler.neon.tech:5432/db verify-full',
    {options: 'endpoint=ep-a'},
  ],
  [
    'postgres://u:endpoint=ep-a;pw@ep-a.neon.tech/db?sslmode=require',
    'u:endpoint=ep-a;pw@ep-a.neon.tech:5432/db require',
  ],
  [
    'postgresql://postgres.ref:p@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true',
    'postgres.ref:p@aws-0-eu.pooler.supabase.com:6543/postgres prefer',
    never,
  ],
  [
    'postgres://postgres:p@db.ref.supabase.co:5432/postgres?sslmode=require&supa=base-pooler.x',
    'postgres:p@db.ref.supabase.co:5432/postgres require',
  ],
  [
    'postgres://default:p@ep-a.postgres.vercel-storage.com:5432/verceldb?pgbouncer=true&connect_timeout=15&sslmode=require',
    'default:p@ep-a.postgres.vercel-storage.com:5432/verceldb require',
    {connectTimeoutMilliseconds: 15_000},
  ],
  [
    'postgres://u:p@x.rds.amazonaws.com:5432/db?ssl=true',
    'u:p@x.rds.amazonaws.com:5432/db require',
  ],
  [
    'postgres://u:p@x.rds.amazonaws.com/db?sslmode=verify-full&sslrootcert=system',
    'u:p@x.rds.amazonaws.com:5432/db verify-full',
  ],
  [
    'postgres://u:p@x.rds.amazonaws.com/db?sslmode=verify-full&sslrootcert=/no/global-bundle.pem',
    /sslrootcert: there is no readable file \/no\/global-bundle\.pem/,
  ],
  [
    'postgres://u:p@ec2-1-2.compute-1.amazonaws.com:5432/d?sslmode=no-verify',
    'u:p@ec2-1-2.compute-1.amazonaws.com:5432/d no-verify',
  ],
  ['postgres://u:p@h.heroku.com/d?ssl=no-verify', 'u:p@h.heroku.com:5432/d no-verify'],
  [
    'postgresql://doadmin:AVNS_x@db-do-user-1.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require',
    'doadmin:AVNS_x@db-do-user-1.b.db.ondigitalocean.com:25060/defaultdb require',
  ],
  [
    'postgres://u:p@/db?host=/cloudsql/project:region:instance',
    'u:p@/cloudsql/project:region:instance:5432/db prefer',
  ],
  [
    'postgres://u:p@%2Fcloudsql%2Fproject%3Aregion%3Ainstance/db',
    'u:p@/cloudsql/project:region:instance:5432/db prefer',
  ],
  ['postgres://u:p@h/db?cloudSqlInstance=a:b:c', /use host=\/cloudsql/],
  ['postgres://u:p@h/db?socketFactory=x', /the option socket/],
  [
    'postgres://u%40server:p@server.postgres.database.azure.com/db?sslmode=require',
    'u@server:p@server.postgres.database.azure.com:5432/db require',
  ],
  [
    'host=s.postgres.database.azure.com port=5432 dbname=db user=u password=p sslmode=require',
    'u:p@s.postgres.database.azure.com:5432/db require',
  ],
  [
    'postgresql://u:p@free.cockroachlabs.cloud:26257/defaultdb?sslmode=verify-full&options=--cluster%3Dx-1',
    'u:p@free.cockroachlabs.cloud:26257/defaultdb verify-full',
    {options: '--cluster=x-1'},
  ],
  [
    'postgres://u:p@top2.nearest.of.app.internal:5432/app?sslmode=disable',
    'u:p@top2.nearest.of.app.internal:5432/app disable',
  ],
  [
    'postgres://u:p@pg.aivencloud.com:12691/defaultdb?sslmode=verify-ca',
    /verify-ca needs the certificate/,
  ],
]);

table('other clients', [
  [
    'postgresql://u:p@h/db?schema=public',
    'u:p@h:5432/db prefer',
    {poolDefaults: {hostCount: 1, schema: 'public'}},
  ],
  [
    'postgresql://u:p@h/db?connection_limit=5&pool_timeout=3',
    'u:p@h:5432/db prefer',
    {poolDefaults: {hostCount: 1, poolSize: 5, queueTimeoutMilliseconds: 3000}},
  ],
  ['postgresql://u:p@h/db?connection_limit=0', /connection_limit must be at least 1/],
  ['postgresql://u:p@h/db?sslaccept=strict', /sslmode=verify-full/],
  ['postgresql://u:p@h/db?sslidentity=a.p12', /sslcert and sslkey/],
  ['postgresql://u:p@h/db?statement_cache_size=0', /prepare=false/],
  ['postgresql://u:p@h/db?statement_cache_size=1024', /the option maxPreparedStatements/],
  ['postgres://u:p@h/db?statement_cache_capacity=1024', /the option maxPreparedStatements/],
  ['postgresql://u:p@h/db?preparedStatementCacheQueries=1024', /the option maxPreparedStatements/],
  ['postgresql://u:p@h/db?prepared_statement_cache_size=500', /the option maxPreparedStatements/],
  ['postgresql://u:p@h/db?socket_timeout=3', /queryTimeoutMilliseconds/],
  ['postgres://u:p@h/db?prepare=false', 'u:p@h:5432/db prefer', never],
  [
    'postgres://u:p@h/db?prepare=named',
    'u:p@h:5432/db prefer',
    {poolDefaults: {hostCount: 1, prepare: 'named'}},
  ],
  ['postgres://u:p@h/db?prepare=often', /one of true, false, auto, named, never/],
  ['postgres://u:p@h/db?prepared_statements=false&adapter=postgis', 'u:p@h:5432/db prefer', never],
  ['postgres://u:p@h/db?max=20', /poolSize/],
  ['postgres://u:p@h/db?idle_timeout=20', /idleTimeoutMilliseconds/],
  ['postgres://u:p@h/db?max_lifetime=20', /maxLifetimeMilliseconds/],
  ['postgres://u:p@h/db?search_path=a', /schema=<name>/],
  ['postgres://u:p@h/db?statement_timeout=5s', /statementTimeoutMilliseconds/],
  ['postgres://u:p@h/db?currentSchema=a', 'u:p@h:5432/db prefer'],
  ['postgres://u:p@h/db?ApplicationName=x', 'u:p@h:5432/db prefer', {applicationName: 'x'}],
  ['postgres://u:p@h/db?targetServerType=primary', /target_session_attrs/],
  ['postgres://u:p@h/db?tcpKeepAlive=true', /keepalives=1/],
  ['postgres://u:p@h/db?uselibpqcompat=true&sslmode=require', 'u:p@h:5432/db require'],
  ['postgres://u:p@h/db?uselibpqcompat=false&sslmode=require', /what it means in libpq/],
  ['postgres://u:p@h/db?pgbouncer=true&prepare=true', /contradict/],
  ['postgres://u:p@h/db?ssl=true&sslmode=disable', /contradict/],
  ['jdbc:postgresql://h/db?user=u&password=hush', /remove "jdbc:"/],
  ['prisma+postgres://accelerate.prisma-data.net/?api_key=hush', /for Prisma only/],
  ['postgresql+asyncpg://u:hush@h/db', /begin with postgres:\/\//],
  ['mysql://u:hush@h/db', /begin with postgres:\/\//],
  ['POSTGRES://u:hush@h/db', /lower case/],
  ['postgres:u:hush@h/db', /two slashes/],
  ['"postgres://u:hush@h/db"', /quotes around/],
  [' postgres://u:hush@h/db', /white space before/],
  ['Server=h;Database=db;User Id=u;Password=hush;', /neither|is not known|without "="/],
]);

table('passwords with special characters', [
  ['postgres://u:a&b@h/d', 'u:a&b@h:5432/d prefer'],
  ['postgres://u:a=b@h/d', 'u:a=b@h:5432/d prefer'],
  ['postgres://u:a+b@h/d', 'u:a+b@h:5432/d prefer'],
  ['postgres://u:a:b@h/d', 'u:a:b@h:5432/d prefer'],
  ['postgres://u:a?b@h/d', 'u:a?b@h:5432/d prefer'],
  ['postgres://u:a#b@h/d', 'u:a#b@h:5432/d prefer'],
  ['postgres://u:a@b@h/d', 'u:a@b@h:5432/d prefer'],
  ['postgres://u:a[b]c@h/d', 'u:a[b]c@h:5432/d prefer'],
  ['postgres://u:$x{y}|z^`~@h/d', 'u:$x{y}|z^`~@h:5432/d prefer'],
  ['postgres://u:p%C3%A9%20%25@h/d', 'u:pé %@h:5432/d prefer'],
  ['postgres://u:é日本@h/d', 'u:é日本@h:5432/d prefer'],
  ['postgres://u:a/b@h/d', /If the password contains "\/", write it as %2F/],
  ['postgres://u:1/b@h/d', /write it as %2F/],
  ['postgres://u:a%b@h/d', /write "%" itself as %25/],
  ['postgres://u:100%@h/d', /%25/],
  ['postgres://u:a b@h/d', /space in the password; write it as %20/],
  ['postgres://u:a%00b@h/d', /%00/],
  ['postgres://u:a%ffb@h/d', /not UTF-8/],
  ['postgres://u:ab', /write "#" as %23/],
  ['postgres://u:pw@h/d\n', /line break/],
  ["user=u password='a b\\'c\\\\d' host=h", "u:a b'c\\d@h:5432/u prefer"],
  ['user=u password=a\\ b host=h', 'u:a b@h:5432/u prefer'],
  ["user=u password='a host=h", /never closed/],
]);

table('hosts', [
  ['postgres://', 'me@localhost:5432/me prefer'],
  ['postgres:///db', 'me@localhost:5432/db prefer'],
  ['postgres://:6543', 'me@localhost:6543/me prefer'],
  ['postgres://h:', 'me@h:5432/me prefer'],
  ['postgres://[::1]:1/d', 'me@::1:1/d prefer'],
  ['postgres://[fe80::1%25eth0]/d', 'me@fe80::1%eth0:5432/d prefer'],
  ['postgres://h1:1,h2/d', 'me@h1:1,h2:5432/d prefer'],
  ['postgres://h1,h2:2,/d', 'me@h1:5432,h2:2,localhost:5432/d prefer'],
  ['postgres://h1,h2,h3/d?port=1,2', /2 ports for 3 hosts/],
  ['postgres://h1,h2/d?port=7', 'me@h1:7,h2:7/d prefer'],
  ['postgres://a/d?host=b,c&port=1,2', 'me@b:1,c:2/d prefer'],
  ['postgres://%2Fvar%2Frun/d', 'me@/var/run:5432/d prefer'],
  ['postgres:///d?host=/var/run&port=5433', 'me@/var/run:5433/d prefer'],
  ['postgres://%40abstract/d', 'me@@abstract:5432/d prefer'],
  ['postgres://h/d?hostaddr=10.0.0.1', 'me@h(10.0.0.1):5432/d prefer'],
  ['postgres://h/d?hostaddr=db', /IPv4 or IPv6/],
  ['postgres://[::1/d', /no "\]" ends it/],
  ['postgres://[]/d', /is empty/],
  ['postgres://[::1]x/d', /after the "\]"/],
  ['postgres://h:0/d', /1 to 65535/],
  ['postgres://h:65536/d', /1 to 65535/],
  ['postgres://h:5432:1/d', /not a number/],
  ['postgres://h/d?port=x', /port/],
  ['postgres://h/a/b', 'me@h:5432/a/b prefer'],
  ['postgres://h/d#x', 'me@h:5432/d#x prefer'],
  ['postgres://h/d%2Fe%20f', 'me@h:5432/d/e f prefer'],
  ['postgres://u@h?dbname=x&user=y', 'y@h:5432/x prefer'],
]);

table('parameters', [
  ['postgres://h?', 'me@h:5432/me prefer'],
  ['postgres://h?application_name=a&', 'me@h:5432/me prefer', {applicationName: 'a'}],
  ['postgres://h?a', /parameter 1 after the "\?" has no "="/],
  ['postgres://h?host=a&&port=1', /has no "="/],
  ['postgres://h?options=-c a=b', /%3D/],
  ['postgres://h?options=-c%20a%3Db', 'me@h:5432/me prefer', {options: '-c a=b'}],
  ['postgres://h?sslmode=require&sslmode=require', /given twice/],
  ['postgres://u@h?sslmod=require', /"sslmod" is not known. Did you mean "sslmode"/],
  ['postgres://h?sslmode=', /it is empty/],
  ['postgres://h?sslmode=Require', /Did you mean "require"/],
  ['postgres://h?channel_binding=yes', /disable, prefer, require/],
  ...['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'].map(
    (attrs) =>
      [
        `postgres://h?target_session_attrs=${attrs}`,
        'me@h:5432/me prefer',
        {targetSessionAttrs: attrs},
      ] as const,
  ),
  ['postgres://h?target_session_attrs=master', /target_session_attrs must be one of/],
  ['postgres://h?load_balance_hosts=random', 'me@h:5432/me prefer', {loadBalanceHosts: 'random'}],
  ['postgres://h?load_balance_hosts=yes', /disable, random/],
  ['postgres://h?connect_timeout=0', 'me@h:5432/me prefer', {connectTimeoutMilliseconds: 0}],
  ['postgres://h?connect_timeout=ten', /whole number of seconds/],
  [
    'postgres://h?keepalives=1&keepalives_idle=30',
    'me@h:5432/me prefer',
    {keepAlive: true, keepAliveInitialDelayMilliseconds: 30_000},
  ],
  ['postgres://h?keepalives_interval=10', /keepalives_interval cannot be honoured/],
  ['postgres://h?keepalives_count=3', /keepalives_count cannot be honoured/],
  ['postgres://h?tcp_user_timeout=10', /tcp_user_timeout cannot be honoured/],
  ['postgres://h?client_encoding=LATIN1', /client_encoding must be UTF8/],
  [
    'postgres://h?require_auth=scram-sha-256',
    'me@h:5432/me prefer',
    {requireAuth: ['scram-sha-256']},
  ],
  ['postgres://h?require_auth=scram', /method that does not exist/],
  ['postgres://h?sslnegotiation=direct&sslmode=require', 'me@h:5432/me require'],
  ['postgres://h?sslnegotiation=direct', /needs sslmode=require or stronger/],
  ['postgres://h?sslrootcert=system', 'me@h:5432/me verify-full'],
  ['postgres://h?sslrootcert=system&sslmode=require', /needs sslmode=verify-full/],
  ['postgres://h?sslcert=/no.crt', /sslcert: there is no readable file/],
  ['postgres://h?sslcrldir=/x', /sslcrldir cannot be honoured/],
  ['postgres://h?sslcompression=1', /sslcompression cannot be honoured/],
  ['postgres://h?sslcertmode=require', /sslcertmode cannot be honoured/],
  ['postgres://h?ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2', /is below/],
  [
    'postgres://h?min_protocol_version=3.2',
    'me@h:5432/me prefer',
    {minProtocolVersion: '3.2', maxProtocolVersion: 'latest'},
  ],
  ['postgres://h?max_protocol_version=4.0', /3.0, 3.2, latest/],
  ['postgres://h?gssencmode=require', /does not speak GSSAPI/],
  ['postgres://h?requirepeer=postgres', /requirepeer cannot be honoured/],
  ['postgres://h?replication=database', /replication cannot be honoured/],
  ['postgres://h?oauth_issuer=x', /does not speak OAuth/],
  ['postgres://h?scram_client_key=hush', /computes the SCRAM keys/],
  ['postgres://h?sslkeylogfile=/x', /--tls-keylog/],
  ['postgres://h?service=nope', /service "nope" is not defined/],
]);

table('keyword=value', [
  ['host=h', 'me@h:5432/me prefer'],
  ['  host = h   port= 7 ', 'me@h:7/me prefer'],
  ["host='' dbname=d", 'me@localhost:5432/d prefer'],
  ['dbname= user=b', /followed by a space and the next keyword/],
  ['host=h dbname', /comes a word without "="/],
  ['just words', /neither a postgres/],
  ['hots=h', /not known/],
  ['host=a host=b', /given twice/],
  ['hostaddr=10.0.0.1', 'me@10.0.0.1:5432/me prefer'],
  ['host=a,b hostaddr=10.0.0.1', /1 hostaddr for 2 host/],
  ['user=u sslmode=require', 'u@localhost:5432/u require'],
]);
