import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {describeTarget, parseConnectionString} from '.';
import {refusal, refused, resolve} from './machine.test.fixture';

// How strings read is held against libpq in libpq-answers.test.ts; here is what we say about those that do not.
suite('an error says what to write instead', () => {
  const cases: readonly [text: string, advice: RegExp][] = [
    ['postgres://u:p/x@h/db', /contains "\/", write it as %2F/],
    ['postgres://u:p/x?y@h/db', /"\/" which must be written as %2F/],
    ['postgres://u:12/x@h/db', /contains "\/", write it as %2F/],
    ['postgres://u:p@a/b@h/db', /contains "\/", write it as %2F/],
    ['postgres://u:p%x@h/db', /in the password a "%".*%25/],
    ['postgres://u:p x@h/db', /space in the password; write it as %20/],
    ['postgres://u:p%00@h/db', /%00 in the password/],
    ['postgres://u:%ff@h/db', /in the password are not UTF-8/],
    ['postgres://u:p', /node --env-file.*"#".*quotes.*%23/],
    ['postgres://h/db\n', /line break/],
    ['postgres://u:p@h/db?sslmod=require', /"sslmod" is not known\. Did you mean "sslmode"\?/],
    ['postgres://u:p@h/db?__proto__=x', /"__proto__" is not known/],
    ['postgres://h/db?host=a&host=b', /"host" is given twice.*host=a,b/],
    ['postgres://h/db?sslmode=require&sslmode=disable', /parameter 2 is given twice/],
    ['postgres://h/db?options=-csearch_path=a', /"=", which must be written as %3D/],
    ['postgres://h/db?ssl=yes', /"ssl" must be one of 0, 1, true, false/],
    ['postgres://h/db?ssl=false&sslmode=require', /contradict/],
    ['postgres://h/db?pgbouncer=true&prepare=true', /contradict/],
    ['postgres://h/db?sslaccept=strict', /sslmode=verify-full/],
    ['postgres://h/db?statement_timeout=1000', /statementTimeoutMilliseconds/],
    ['postgres://h/db?uselibpqcompat=false', /means in libpq/],
    ['postgres://h/db?sslmode=REQUIRE', /sslmode must be one of.*Did you mean "require"/],
    ['postgres://h/db?sslmode=', /it is empty/],
    ['postgres://h:1,h:2,h:3/db?host=a,b', /3 ports for 2 hosts/],
    ['postgres://[::1/db', /no "\]" ends it/],
    ['POSTGRES://h', /lower case/],
    ['"postgres://h"', /quotes/],
    [' postgres://h', /white space before/],
    ['postgres:/h', /two slashes/],
    ['http://h/db', /must begin with postgres:\/\//],
    ['jdbc:postgresql://h/db', /jdbc/],
    ['prisma://accelerate/?api_key=x', /Prisma/],
    ['my-database', /neither a postgres:\/\/ address nor a list/],
    ['host=h dbname=my db', /after the value of "dbname".*single quotes/],
    ['host=h dbname= user=me', /dbname=''/],
    ["dbname='my db", /value of "dbname" is never closed/],
  ];
  for (const [text, advice] of cases)
    test(JSON.stringify(text), () => {
      const error = refusal(text);
      assert.equal(error.code, 'PG_CONFIGURATION_INVALID');
      assert.match(error.message, advice);
      assert.match(error.message, /^the connection string: /);
    });
});

test('the name of an unknown parameter is shown only where it cannot be a piece of a password', () => {
  assert.match(refusal('postgres://u:p@h/db?zebra=1').message, /"zebra"/);
  for (const text of [
    'postgres://h:1/db?zebra=1',
    'postgres://u:p@b?zebra=x@h/db',
    'postgres://u@h/db?password=p&zebra=1',
    'postgres://u@h/db?sslpassword=p&port=1&zebra=1',
    'host=h password=p zebra=1',
    'user:zebra dbname=x',
    'user:zebra=x y',
  ])
    assert.doesNotMatch(refusal(text).message, /zebra/);
});

test('a raw @ in the password works and is worth a warning', () => {
  const config = resolve('postgres://u:p@ss@h/db');
  assert.deepEqual([config.password, config.host], ['p@ss', ['h']]);
  assert.match(config.warnings.join(), /more than one "@".*%40/);
  assert.deepEqual(resolve('postgres://u:p%40ss@h/db').warnings, []);
});

test('ssl=true beside a stricter sslmode asks for nothing less', () => {
  assert.equal(resolve('postgres://h?ssl=true&sslmode=verify-full').ssl.mode, 'verify-full');
  assert.equal(resolve('postgres://h?sslmode=no-verify&ssl=1').ssl.mode, 'no-verify');
});

test('the message names the variable that the string came from', () => {
  const env = {DATABASE_URL: 'postgres://h:x/db'};
  assert.match(refusal(undefined, {env}).message, /^DATABASE_URL: the port/);
});

test('parseConnectionString gives what the string says and no defaults', () => {
  const parsed = parseConnectionString(
    'postgres://u:hush@h1,h2:5433/db?sslmode=require&sslpassword=hush2',
  );
  assert.deepEqual(
    {...parsed},
    {
      host: ['h1', 'h2'],
      hostaddr: [],
      port: [undefined, 5433],
      user: 'u',
      database: 'db',
      parameters: {sslmode: 'require'},
    },
  );
  assert.equal(parsed.password, 'hush');
  assert.equal(parsed.parameters['sslpassword'], 'hush2');
  assert.match(refused(() => parseConnectionString('port=5x')).message, /1 to 65535/);
});

test('the description of a target reads back to the same target', () => {
  for (const text of [
    'postgres://u@h:1/db',
    'postgres://u%40x:p@[fe80::1%25eth0],%2Ftmp:2,%40abstract/d%2Fb%20',
    'host=a,b port=1,2 user=x dbname=y',
  ]) {
    const config = resolve(text);
    const again = resolve(describeTarget(config));
    for (const field of ['host', 'port', 'user', 'database'] as const)
      assert.deepEqual(again[field], config[field]);
  }
});
