import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {resolveConfig} from '.';
import {refusal, resolve} from './machine.test.fixture';
import {findPassword, parsePasswordFile} from './password-file';

function escapeField(text: string): string {
  return text.replace(/[\\:]/g, String.raw`\$&`);
}

function refusedLine(text: string): string {
  const files = {'/home/me/.pg_service.conf': `[a]\n${text}`};
  return refusal('service=a', {files}).message;
}

function refusedFile(path: string, text: string): string {
  return refusal(undefined, {files: {[path]: text}, cwd: '/a'}).message;
}

suite('the password file', () => {
  const pgpass = '/home/me/.pgpass';
  const find = (text: string, input = 'postgres://u@h:1/d'): string | undefined =>
    resolve(input, {files: {[pgpass]: text}}).password;

  test('the first line that matches host, port, database and user counts', () => {
    assert.equal(find('h:1:d:u:first\nh:1:d:u:second\n'), 'first');
    assert.equal(find('x:1:d:u:a\nh:2:d:u:b\nh:1:x:u:c\nh:1:d:x:e\n'), undefined);
    assert.equal(find('# h:1:d:u:comment\n*:*:*:*:any\n'), 'any');
    assert.equal(find('h:1:d:u:windows\r\n'), 'windows');
    assert.equal(
      find('h:1:d:u\nh:1:d:u:\n*:*:*:*:later'),
      undefined,
      'an empty one ends the search',
    );
  });

  test('a backslash makes a colon, a backslash and a star ordinary', () => {
    assert.equal(find(String.raw`h:1:d:u:a\:b\\c`), String.raw`a:b\c`);
    assert.equal(find(String.raw`\*:1:d:u:x`), undefined);
    assert.equal(find(String.raw`\:\:1:5432:*:*:six`, 'postgres://u@[::1]/d'), 'six');
  });

  test('what is written with escapes is found as it was', () => {
    const field = fc.stringMatching(/^[^\r\n\0]+$/);
    fc.assert(
      fc.property(field, field, field, field, (host, database, user, password) => {
        fc.pre(!host.startsWith('#') && !['/tmp', '/var/run/postgresql'].includes(host));
        const line = [host, '5432', database, user, password].map(escapeField).join(':');
        assert.deepEqual(
          findPassword(parsePasswordFile(`${line}\n`), {host, port: 5432, database, user}),
          {password, line: 1},
        );
      }),
    );
  });

  test('the default socket directories are called localhost', () => {
    assert.equal(find('localhost:5432:d:u:x', 'host=/tmp user=u dbname=d'), 'x');
    assert.equal(find('/srv:5432:d:u:y', 'host=/srv user=u dbname=d'), 'y');
  });

  test('each host has its own password', () => {
    const config = resolve('postgres://u@a,b,c/d', {
      files: {[pgpass]: 'b:*:*:*:for-b\na:*:*:*:for-a\n'},
    });
    assert.deepEqual(config.passwords, ['for-a', 'for-b', undefined]);
    assert.equal(config.password, 'for-a');
    assert.deepEqual(config.provenance['password'], {
      kind: 'passwordFile',
      name: pgpass,
      line: 2,
    });
  });

  test('a file that others may read is not used, and a warning says so', () => {
    const machine = {files: {[pgpass]: '*:*:*:*:x'}, modes: {[pgpass]: 0o640}};
    const config = resolve('postgres://u@h/d', machine);
    assert.equal(config.password, undefined);
    assert.match(config.warnings.join(), /mode 640.*chmod 0600 \/home\/me\/\.pgpass/);
  });

  test('PGPASSFILE and passfile name another one; a password given elsewhere makes it moot', () => {
    const files = {'/a': '*:*:*:*:from-a', '/b': '*:*:*:*:from-b'};
    const env = {PGPASSFILE: '/a'};
    assert.equal(resolve('postgres://u@h', {files, env}).password, 'from-a');
    assert.equal(resolve('postgres://u@h?passfile=/b', {files, env}).password, 'from-b');
    assert.equal(resolve('postgres://u:own@h', {files, env}).password, 'own');
  });
});

suite('the service file', () => {
  const userFile = '/home/me/.pg_service.conf';

  test('the section of that name fills in what is missing', () => {
    const files = {
      [userFile]: '# x\n[other]\nhost=no\n[mine]\nhost=h\nport = 7\n\n[mine]\nhost=no',
    };
    const config = resolve('service=mine user=u', {files});
    assert.deepEqual([config.host, config.port, config.user], [['h'], [7], 'u']);
  });

  test('the file of the user comes before that of the system', () => {
    const files = {
      [userFile]: '[a]\nhost=user',
      '/etc/pg_service.conf': '[a]\nhost=no\n[b]\nhost=sys',
    };
    const env = {PGSYSCONFDIR: '/etc'};
    assert.deepEqual(resolve('service=a', {files, env}).host, ['user']);
    assert.deepEqual(resolve('service=b', {files, env}).host, ['sys']);
    const named = {...env, PGSERVICEFILE: '/etc/pg_service.conf', PGSERVICE: 'a'};
    assert.deepEqual(resolve(undefined, {files, env: named}).host, ['no']);
  });

  test('a service that is not defined is an error that knows where it looked and what there is', () => {
    const error = refusal('service=prod', {files: {[userFile]: '[prd]\nhost=h'}});
    assert.match(error.message, /Looked in \/home\/me\/\.pg_service\.conf\. Did you mean "prd"\?/);
  });

  test('a line that cannot be read is named by its number and not shown', () => {
    assert.match(refusedLine('hush'), /line 2: there is no "="/);
    assert.match(refusedLine('pasword=hush'), /Did you mean "password"/);
    assert.match(refusedLine('service=b'), /cannot refer/);
    assert.match(refusedLine('ldap://x'), /LDAP/);
    assert.match(refusedLine('[b'), /ends with "\]"/);
    assert.doesNotMatch(refusedLine('hush') + refusedLine('pasword=hush'), /hush/);
  });
});

suite('where a value of a file came from', () => {
  const config = resolve('service=mine', {
    files: {
      '/home/me/.pg_service.conf': '[other]\nhost=no\n\n[mine]\n# x\nhost=h\n',
      '/home/me/.pgpass': '# all\n\nh:*:*:*:p\n',
    },
    env: {},
  });

  test('a service file is named with section and line, a password file with the line', () => {
    assert.deepEqual(config.provenance['host'], {
      kind: 'serviceFile',
      name: '/home/me/.pg_service.conf',
      section: 'mine',
      line: 6,
    });
    assert.deepEqual(config.provenance['password'], {
      kind: 'passwordFile',
      name: '/home/me/.pgpass',
      line: 3,
    });
  });

  test('errors name them too', () => {
    const files = {'/home/me/.pg_service.conf': '[mine]\nport=x\n'};
    assert.match(
      refusal('service=mine', {files}).message,
      /^service file \/home\/me\/\.pg_service\.conf, section \[mine\], line 2: the port/,
    );
  });
});

suite('on Windows the files are in %APPDATA%', () => {
  const folder = String.raw`C:\Users\me\AppData\Roaming\postgresql`;
  const env = {APPDATA: String.raw`C:\Users\me\AppData\Roaming`};
  const files = {
    [String.raw`${folder}\pgpass.conf`]: 'h:*:*:*:from-file',
    [String.raw`${folder}\.pg_service.conf`]: '[svc]\nhost=h\n',
    [String.raw`${folder}\root.crt`]: 'CA',
    '/home/me/.pgpass': '*:*:*:*:unused',
  };

  test('passwords, services and certificates', () => {
    const config = resolve('service=svc sslmode=require', {files, env, platform: 'win32'});
    assert.deepEqual(config.host, ['h']);
    assert.equal(config.password, 'from-file');
    assert.equal(config.ssl.ca, 'CA');
  });

  test('without APPDATA there are none', () => {
    assert.equal(resolve('host=h', {files, platform: 'win32'}).password, undefined);
  });
});

test('a reader that throws has found no file', () => {
  const config = resolveConfig('host=h', {
    env: {},
    readFile: () => assert.fail('EACCES'),
    homedir: '/home/me',
    username: 'me',
  });
  assert.equal(config.password, undefined);
});

suite('the config file that renames DATABASE_URL', () => {
  const env = {DATABASE_URL: 'postgres://default', MINE: 'postgres://mine'};
  const json = '{"connectionStringEnvironmentVariable": "MINE"}';
  const host = (files: Record<string, string>): readonly string[] =>
    resolve(undefined, {env, files, cwd: '/a/b'}).host;

  for (const path of ['/a/b/.pgrc', '/a/.pgrc.json', '/.config/pgrc.json'])
    test(`${path} is found from /a/b`, () => assert.deepEqual(host({[path]: json}), ['mine']));

  test('package.json counts with a "pg" object only', () => {
    assert.deepEqual(host({'/a/package.json': `{"pg": ${json}}`}), ['mine']);
    assert.deepEqual(host({'/a/package.json': '{"dependencies": {"pg": "8"}}'}), ['default']);
    assert.deepEqual(host({'/a/package.json': 'not json'}), ['default']);
  });

  test('the nearest file decides, also when it names no variable', () => {
    assert.deepEqual(host({'/a/b/.pgrc': '{}', '/a/.pgrc': json}), ['default']);
  });

  test('without cwd nothing is looked for', () => {
    assert.deepEqual(resolve(undefined, {env, files: {'/.pgrc': json}}).host, ['default']);
  });

  test('what cannot be read is an error that names the file', () => {
    assert.match(refusedFile('/a/.pgrc', 'x: y'), /^\/a\/\.pgrc: it is not valid JSON/);
    assert.match(refusedFile('/a/.pgrc.yaml', 'x: y'), /only JSON.*\.pgrc\.json/);
    assert.match(refusedFile('/pg.config.js', ''), /only JSON/);
    assert.match(refusedFile('/a/.pgrc', '[]'), /JSON object/);
    assert.match(
      refusedFile('/a/.pgrc', '{"connectionStringEnvironmentVariable": 1}'),
      /must be the name/,
    );
  });
});
