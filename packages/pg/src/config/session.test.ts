import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {refusal, resolve} from './machine.test.fixture';

suite('hosts and ports', () => {
  test('one port is for all hosts, and an empty one is the default', () => {
    assert.deepEqual(resolve({host: ['a', 'b'], port: 7}).port, [7, 7]);
    assert.deepEqual(resolve({host: ['a', 'b'], port: [null, 7]}).port, [5432, 7]);
    assert.deepEqual(resolve('host=a,b port=,7').port, [5432, 7]);
    assert.deepEqual(resolve('host=a,,b').host, ['a', 'localhost', 'b']);
  });

  test('more ports than one must be as many as hosts', () => {
    assert.match(
      refusal({host: 'a', port: [1, 2]}).message,
      /2 ports for 1 host \(from option "host"\)/,
    );
    assert.match(refusal({port: [1, 2]}).message, /2 ports for 1 host;/);
    assert.match(refusal('host=a,b,c port=1,2').message, /2 ports for 3 hosts/);
  });

  test('addresses stand beside hosts, or in their place', () => {
    const beside = resolve('host=a,b hostaddr=10.0.0.1,::1');
    assert.deepEqual(
      [beside.host, beside.hostaddr],
      [
        ['a', 'b'],
        ['10.0.0.1', '::1'],
      ],
    );
    const alone = resolve('hostaddr=10.0.0.1');
    assert.deepEqual([alone.host, alone.hostaddr], [['10.0.0.1'], ['10.0.0.1']]);
    assert.match(refusal('host=a hostaddr=10.0.0.1,::1').message, /2 hostaddr for 1 host/);
    assert.match(refusal('hostaddr=localhost').message, /write names in host/);
    assert.doesNotThrow(() => resolve('hostaddr=fe80::1%eth0,::ffff:10.0.0.1,::'));
  });

  test('socket directories and abstract sockets are hosts', () => {
    assert.deepEqual(resolve('postgres://%2Ftmp,%40x/db').host, ['/tmp', '@x']);
    assert.deepEqual(resolve({host: '/var/run dir'}).host, ['/var/run dir']);
  });

  test('a port is a whole number from 1 to 65535 wherever it comes from', () => {
    for (const port of ['0', '65536', '5432abc', '-1', '1e3', '0x1'])
      assert.match(refusal({}, {env: {PGPORT: port}}).message, /^PGPORT: the port is not/);
    for (const port of [0, 65_536, 1.5, Number.NaN])
      assert.match(refusal({port}).message, /^option "port": must be a whole number/);
    assert.match(refusal({port: '5432'}).message, /got a string/);
    assert.match(refusal({port: null}).message, /got null/);
  });

  test('a host that cannot be one is refused', () => {
    assert.match(refusal({host: 'postgres://h'}).message, /connectionString/);
    assert.match(refusal({host: 'a b'}).message, /white space/);
    assert.match(refusal({host: []}).message, /empty/);
    assert.match(refusal({host: [1]}).message, /array of strings/);
  });
});

suite('options', () => {
  test('a zero character never reaches the startup message', () => {
    for (const name of ['user', 'password', 'database', 'host', 'applicationName'])
      assert.match(refusal({[name]: 'a\0search_path\0x'}).message, /zero character/);
    assert.match(refusal('user=a\0b').message, /zero character/);
  });

  test('half a surrogate pair is no text', () => {
    for (const input of [{user: 'a\uD800'}, 'user=a\uDC00', 'postgres://\uD800@h'])
      assert.match(refusal(input).message, /half a surrogate pair/);
  });

  test('types are checked and values of the wrong type are not shown', () => {
    assert.match(refusal({user: 1}).message, /option "user": must be a string/);
    assert.doesNotMatch(refusal({password: ['hush']}).message, /hush/);
    assert.match(refusal({connectionString: true}).message, /false to ignore DATABASE_URL/);
  });

  test('an empty string counts as not given', () => {
    const env = {PGUSER: 'u', PGPASSWORD: 'p', PGHOST: 'h'};
    const config = resolve({user: '', password: '', host: '', connectionString: ''}, {env});
    assert.deepEqual([config.user, config.password, config.host], ['u', 'p', ['h']]);
  });
});

function versions(text: string): readonly string[] {
  const {minProtocolVersion, maxProtocolVersion} = resolve(text);
  return [minProtocolVersion, maxProtocolVersion];
}

function dateStyle(value: string): string | undefined {
  return resolve({}, {env: {PGDATESTYLE: value}}).sessionParameters['DateStyle'];
}

suite('session settings', () => {
  test('require_auth without ! is a list of methods, with ! all but those', () => {
    assert.deepEqual(resolve('require_auth=md5,none').requireAuth, ['md5', 'none']);
    assert.deepEqual(resolve('require_auth=!password,!none').requireAuth, [
      'md5',
      'scram-sha-256',
      'gss',
      'sspi',
      'oauth',
    ]);
    assert.equal(resolve('postgres://h').requireAuth, undefined);
    assert.match(refusal('require_auth=md5,!none').message, /mixes/);
    assert.match(refusal('require_auth=md5,md5').message, /twice/);
    assert.match(refusal('require_auth=scram').message, /does not exist/);
  });

  test('the maximum protocol version is 3.0 unless the minimum is above it', () => {
    assert.deepEqual(versions('min_protocol_version=3.2'), ['3.2', 'latest']);
    assert.deepEqual(versions('max_protocol_version=latest'), ['3.0', 'latest']);
    assert.match(refusal('min_protocol_version=3.2 max_protocol_version=3.0').message, /above/);
    assert.match(refusal('max_protocol_version=3.1').message, /3.0, 3.2, latest/);
  });

  test('connect_timeout counts seconds, and nothing or less is no limit', () => {
    assert.equal(resolve('connect_timeout=5').connectTimeoutMilliseconds, 5000);
    assert.equal(resolve('connect_timeout=-1').connectTimeoutMilliseconds, 0);
    assert.equal(resolve('host=h').connectTimeoutMilliseconds, undefined);
    assert.match(refusal('connect_timeout=5s').message, /whole number of seconds/);
  });

  test('closed lists take no other value, and no empty one', () => {
    for (const keyword of ['channel_binding', 'target_session_attrs', 'load_balance_hosts']) {
      assert.match(refusal(`${keyword}=x`).message, new RegExp(`${keyword} must be one of`));
      assert.match(refusal(`${keyword}=''`).message, /it is empty/);
    }
  });

  test('the encoding is UTF8, by whatever name, and no other', () => {
    for (const name of ['UTF8', 'utf-8', 'Unicode', 'auto'])
      assert.equal(resolve(`client_encoding=${name}`).clientEncoding, 'UTF8');
    assert.match(refusal('client_encoding=LATIN1').message, /must be UTF8/);
    assert.match(refusal({}, {env: {PGCLIENTENCODING: 'SJIS'}}).message, /^PGCLIENTENCODING/);
  });

  test('how often probes are sent is up to Node, which is said to who wants it otherwise', () => {
    assert.match(refusal('keepalives_interval=5').message, /keepalives_interval cannot be hon/);
    assert.match(refusal('keepalives_count=3').message, /ten probes/);
    assert.doesNotThrow(() => resolve('keepalives_interval=0 keepalives_count=10'));
  });

  test('PGDATESTYLE decides how dates are read by the server, not how it writes them', () => {
    assert.equal(dateStyle('ISO'), 'ISO');
    assert.equal(dateStyle('iso, dmy'), 'ISO, DMY');
    assert.equal(dateStyle('European'), 'ISO, DMY');
    for (const value of ['German', 'SQL, DMY', 'MDY, DMY', 'constructor'])
      assert.match(refusal({}, {env: {PGDATESTYLE: value}}).message, /^PGDATESTYLE.*ISO style/);
  });
});
