import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import {describeTarget} from '.';
import {refusal, resolve} from './machine.test.fixture';

test('a URL says everything', () => {
  const config = resolve('postgres://ann:s3cret@db.example:6543/shop?application_name=till');
  assert.deepEqual(
    [
      config.host,
      config.port,
      config.user,
      config.database,
      config.password,
      config.applicationName,
    ],
    [['db.example'], [6543], 'ann', 'shop', 's3cret', 'till'],
  );
  assert.deepEqual(config.provenance['host'], {kind: 'connectionString', name: 'connectionString'});
  assert.equal(describeTarget(config), 'postgres://ann@db.example:6543/shop');
});

test('without anything said about a field its default holds', () => {
  const config = resolve({});
  assert.deepEqual(config.host, ['localhost']);
  assert.deepEqual(config.hostaddr, []);
  assert.deepEqual(config.port, [5432]);
  assert.equal(config.user, 'me');
  assert.equal(config.database, 'me');
  assert.equal(config.password, undefined);
  assert.equal(config.ssl.mode, 'prefer');
  assert.equal(config.channelBinding, 'prefer');
  assert.equal(config.targetSessionAttrs, 'any');
  assert.equal(config.minProtocolVersion, '3.0');
  assert.equal(config.maxProtocolVersion, '3.0');
  assert.equal(config.provenance['port']?.kind, 'default');
});

test('the database is named after the user, wherever the user comes from', () => {
  assert.equal(resolve('postgres://ann@h').database, 'ann');
  assert.equal(resolve({user: 'bob'}).database, 'bob');
  assert.equal(resolve({}, {env: {PGUSER: 'cid'}}).database, 'cid');
});

for (const input of [undefined, ''])
  test(`${JSON.stringify(input)} with nothing in the environment says how to set DATABASE_URL`, () => {
    const error = refusal(input);
    assert.equal(error.code, 'PG_CONFIGURATION_MISSING');
    assert.match(error.message, /DATABASE_URL=postgres:\/\//);
  });

for (const name of ['PGUSER', 'PGPASSWORD', 'PGHOST', 'PGDATABASE'])
  test(`${name} alone is enough to connect without an argument`, () => {
    assert.doesNotThrow(() => resolve(undefined, {env: {[name]: 'x'}}));
  });

test('null and other values that are no configuration are refused by type', () => {
  assert.match(refusal(null).message, /got null/);
  assert.match(refusal(42).message, /got 42/);
  assert.match(refusal(new URL('postgres://u:hush@h/db')).message, /Pass url.href/);
});

test('each layer fills what the ones above leave out', () => {
  const config = resolve(
    {database: 'from-option', connectionString: 'postgres://url-user@url-host'},
    {
      env: {
        DATABASE_URL: 'postgres://unused:unused@unused/unused',
        PGDATABASE: 'unused',
        PGUSER: 'unused',
        PGAPPNAME: 'unused',
        PGTARGETSESSIONATTRS: 'standby',
        PGSERVICE: 'svc',
      },
      files: {
        '/home/me/.pg_service.conf':
          '[svc]\nport=7777\nuser=unused\napplication_name=from-service\n',
        '/home/me/.pgpass': 'url-host:7777:from-option:url-user:from-file\n',
      },
    },
  );
  assert.equal(config.database, 'from-option');
  assert.deepEqual(config.host, ['url-host']);
  assert.equal(config.user, 'url-user');
  assert.equal(config.applicationName, 'from-service');
  assert.equal(config.targetSessionAttrs, 'standby');
  assert.deepEqual(config.port, [7777]);
  assert.equal(config.password, 'from-file');
  const kinds = [
    'database',
    'host',
    'user',
    'port',
    'targetSessionAttrs',
    'password',
    'options',
  ].map((field) => config.provenance[field]?.kind);
  assert.deepEqual(kinds, [
    'option',
    'connectionString',
    'connectionString',
    'serviceFile',
    'environment',
    'passwordFile',
    'default',
  ]);
});

test('an object takes what it leaves out from DATABASE_URL, unless told not to', () => {
  const machine = {env: {DATABASE_URL: 'postgres://ann:hush@h/shop'}};
  assert.equal(resolve({database: 'other'}, machine).password, 'hush');
  assert.equal(resolve({connectionString: false}, machine).password, undefined);
  assert.deepEqual(resolve({connectionString: false}, machine).host, ['localhost']);
});

test('credentials of a URL do not go to a host that it does not name', () => {
  const machine = {env: {DATABASE_URL: 'postgres://ann:hush@prod:6543/shop'}};
  const error = refusal({host: 'localhost'}, machine);
  assert.match(error.message, /option "host".*DATABASE_URL.*user and password/);
  assert.doesNotMatch(error.message, /hush/);
  assert.match(
    refusal({host: 'localhost', user: 'bob'}, machine).message,
    /password would come from DATABASE_URL/,
  );
  assert.match(
    refusal({host: 'b', connectionString: 'postgres://u:p@a/db'}).message,
    /the connection string/,
  );
  assert.match(refusal({host: ['prod', 'evil']}, machine).message, /does not name/);
  assert.equal(resolve({host: 'PROD'}, machine).password, 'hush');
  const own = resolve({host: 'localhost', user: 'bob', password: 'own'}, machine);
  assert.equal(own.password, 'own');
  assert.deepEqual(own.port, [5432], 'the port in the URL is that of its host');
  assert.equal(own.database, 'shop');
});

test('a URL without a host is for localhost when it was found, and for the given host when it was passed', () => {
  const machine = {env: {DATABASE_URL: 'postgres://ann:hush@/shop'}};
  assert.equal(resolve({host: 'localhost'}, machine).password, 'hush');
  assert.match(refusal({host: 'other'}, machine).message, /DATABASE_URL/);
  const passed = resolve({host: 'other', connectionString: 'postgres://ann:hush@/shop'});
  assert.deepEqual([passed.host, passed.password], [['other'], 'hush']);
});

test('credentials of a service do not go to a host that it does not name', () => {
  const files = {'/home/me/.pg_service.conf': '[svc]\nhost=a\nuser=u\npassword=hush\n'};
  const env = {PGSERVICE: 'svc'};
  assert.match(refusal({host: 'b'}, {files, env}).message, /^option "host": .*service file/);
  assert.match(refusal('postgres://b/db', {files, env}).message, /user and password would come/);
  assert.deepEqual(resolve({}, {files, env: {...env, PGHOST: 'b'}}).host, ['a'], 'it beats PGHOST');
});

test('PGPASSWORD does not go to a host that PGHOST beside it does not name', () => {
  const env = {PGHOST: 'a', PGUSER: 'u', PGPASSWORD: 'hush'};
  const error = refusal('postgres://b/db', {env});
  assert.match(error.message, /^the connection string: .*PGPASSWORD does not name.*password would/);
  assert.equal(resolve('postgres://a/db', {env}).password, 'hush');
  assert.equal(resolve('postgres://u:own@b/db', {env}).password, 'own');
  assert.equal(resolve('postgres://b/db', {env: {PGPASSWORD: 'hush'}}).password, 'hush');
});

test('PGHOSTADDR does not lead the connection for a host of another source astray', () => {
  const env = {PGHOST: 'a', PGHOSTADDR: '10.0.0.1'};
  assert.match(refusal('postgres://u:p@b/db', {env}).message, /^PGHOSTADDR: .*another address/);
  assert.deepEqual(resolve({}, {env}).hostaddr, ['10.0.0.1']);
  const own = resolve('postgres://u:p@b/db?hostaddr=10.0.0.2', {env});
  assert.deepEqual(own.hostaddr, ['10.0.0.2']);
});

function password(): string {
  return 'hush';
}

test('a password function is asked later, hidden, and no other password counts beside it', () => {
  const config = resolve(
    {password, host: 'other', user: 'u'},
    {
      env: {DATABASE_URL: 'postgres://u:unused@h/db', PGPASSWORD: 'unused'},
      files: {'/home/me/.pgpass': '*:*:*:*:unused'},
    },
  );
  assert.equal(config.askPassword, password);
  assert.deepEqual([config.password, config.passwords], [undefined, [undefined]]);
  assert.deepEqual(config.provenance['password'], {kind: 'option', name: 'password'});
  assert.doesNotMatch(inspect(config, {depth: 9, showHidden: true}), /hush|unused|password\(\)/);
  assert.ok(!Object.keys(config).includes('askPassword'));
  assert.match(refusal({password: 3}).message, /a string or a function; got 3/);
});

test('beside a password function nobody else has a password that could go astray', () => {
  const given = {password, host: 'other', user: 'u'};
  const env = {PGHOST: 'a', PGPASSWORD: 'unused'};
  assert.deepEqual(resolve(given, {env}).host, ['other']);
  const files = {'/home/me/.pg_service.conf': '[svc]\nhost=a\npassword=unused\n'};
  assert.deepEqual(resolve(given, {env: {PGSERVICE: 'svc'}, files}).host, ['other']);
});

test('one of the hosts of a URL brings its own port', () => {
  const connectionString = 'postgres://u:p@a:1,b:2,c/db';
  assert.deepEqual(resolve({connectionString}).port, [1, 2, 5432]);
  assert.deepEqual(resolve({connectionString, host: 'b'}).port, [2]);
  assert.deepEqual(resolve({connectionString, host: ['c', 'a']}).port, [5432, 1]);
});

test('secrets are readable by name and show nowhere', () => {
  const config = resolve('postgres://u:tops3cret@h/db?sslpassword=s3same');
  assert.equal(config.password, 'tops3cret');
  assert.equal(config.ssl.passphrase, 's3same');
  assert.deepEqual(config.passwords, ['tops3cret']);
  const shown = [
    JSON.stringify(config),
    inspect(config, {depth: 9, showHidden: true}),
    inspect({...config}, {depth: 9}),
    describeTarget(config),
  ].join('\n');
  assert.doesNotMatch(shown, /tops3cret|s3same/);
});

test('the result is frozen to the bottom', () => {
  const config = resolve('postgres://a,b/db');
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) &&
      Object.getOwnPropertyNames(value).every((name) => frozen(Reflect.get(value, name))));
  assert.ok(frozen(config));
});

test('a config file may rename DATABASE_URL', () => {
  const env = {DATABASE_URL: 'postgres://wrong', APP_DB: 'postgres://right'};
  const files = {'/srv/.pgrc.json': '{"connectionStringEnvironmentVariable": "APP_DB"}'};
  const config = resolve(undefined, {env, files, cwd: '/srv/app/src'});
  assert.deepEqual(config.host, ['right']);
  assert.equal(config.provenance['host']?.name, 'APP_DB');
  assert.match(refusal(undefined, {files, cwd: '/srv'}).message, /APP_DB=postgres/);
});

test('a parameter that cannot be honoured is refused by name, a harmless value of it is not', () => {
  assert.match(refusal('postgres://h?gssencmode=require').message, /gssencmode cannot be honoured/);
  assert.match(refusal('postgres://h?requirepeer=postgres').message, /requirepeer/);
  assert.match(refusal({}, {env: {PGREQUIREPEER: 'postgres'}}).message, /^PGREQUIREPEER/);
  assert.match(refusal('postgres://h?krbsrvname=x').message, /krbsrvname/);
  assert.doesNotThrow(() => resolve('postgres://h?gssencmode=prefer&sslcompression=0'));
  const config = resolve({}, {env: {PGKRBSRVNAME: 'x'}});
  assert.match(config.warnings.join(), /PGKRBSRVNAME is ignored/);
});

test('without a user name anywhere the error says what to set', () => {
  const error = refusal({}, {username: ''});
  assert.equal(error.code, 'PG_CONFIGURATION_MISSING');
  assert.match(error.message, /PGUSER/);
});

test('an empty variable counts as not set', () => {
  const env = {PGHOST: '', PGUSER: '', PGPORT: '', PGTARGETSESSIONATTRS: '', DATABASE_URL: ''};
  assert.equal(resolve({}, {env}).targetSessionAttrs, 'any');
  assert.equal(refusal(undefined, {env}).code, 'PG_CONFIGURATION_MISSING');
});

test('every environment variable of libpq reaches its field', () => {
  const config = resolve(
    {},
    {
      env: {
        PGHOST: 'h1,h2',
        PGHOSTADDR: '10.0.0.1,::1',
        PGPORT: '1,2',
        PGDATABASE: 'd',
        PGUSER: 'u',
        PGPASSWORD: 'p',
        PGOPTIONS: '-c geqo=off',
        PGAPPNAME: 'app',
        PGCLIENTENCODING: 'utf8',
        PGCONNECT_TIMEOUT: '3',
        PGCHANNELBINDING: 'require',
        PGREQUIREAUTH: 'scram-sha-256',
        PGSSLMODE: 'require',
        PGSSLNEGOTIATION: 'direct',
        PGSSLSNI: '0',
        PGSSLMINPROTOCOLVERSION: 'tlsv1.2',
        PGSSLMAXPROTOCOLVERSION: 'TLSv1.3',
        PGTARGETSESSIONATTRS: 'primary',
        PGLOADBALANCEHOSTS: 'random',
        PGMINPROTOCOLVERSION: '3.0',
        PGMAXPROTOCOLVERSION: '3.2',
        PGTZ: 'UTC',
        PGGEQO: 'off',
      },
    },
  );
  const {ssl} = config;
  assert.deepEqual(config.host, ['h1', 'h2']);
  assert.deepEqual(config.hostaddr, ['10.0.0.1', '::1']);
  assert.deepEqual(config.port, [1, 2]);
  assert.deepEqual(
    [config.database, config.user, config.password, config.options, config.applicationName],
    ['d', 'u', 'p', '-c geqo=off', 'app'],
  );
  assert.equal(config.connectTimeoutMilliseconds, 3000);
  assert.equal(config.channelBinding, 'require');
  assert.deepEqual(config.requireAuth, ['scram-sha-256']);
  assert.deepEqual(
    [ssl.mode, ssl.negotiation, ssl.sni, ssl.minVersion, ssl.maxVersion],
    ['require', 'direct', false, 'TLSv1.2', 'TLSv1.3'],
  );
  assert.deepEqual([config.targetSessionAttrs, config.loadBalanceHosts], ['primary', 'random']);
  assert.deepEqual([config.minProtocolVersion, config.maxProtocolVersion], ['3.0', '3.2']);
  assert.deepEqual(config.sessionParameters, {timezone: 'UTC', geqo: 'off'});
  assert.deepEqual(config.warnings, []);
});

test('PGAPPNAME beats the fallback and the option beats PGAPPNAME', () => {
  const env = {PGAPPNAME: 'env'};
  assert.equal(resolve({fallbackApplicationName: 'f'}, {env}).applicationName, 'env');
  assert.equal(resolve({fallbackApplicationName: 'f'}).applicationName, 'f');
  assert.equal(resolve({applicationName: 'o'}, {env}).applicationName, 'o');
});

test('what a URL of another client says about the pool becomes defaults', () => {
  const {poolDefaults} = resolve(
    'postgres://u:p@h1,h2/db?schema=app&pgbouncer=true&connection_limit=3&pool_timeout=7&connect_timeout=2&keepalives=0',
  );
  assert.deepEqual(poolDefaults, {
    hostCount: 2,
    connectionTimeoutMilliseconds: 2000,
    queueTimeoutMilliseconds: 7000,
    poolSize: 3,
    schema: 'app',
    prepare: 'never',
    keepAlive: false,
  });
});
