/** Whatever is put in, a config or our error comes out, and the password shows in neither. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import * as fc from 'fast-check';
import {ConfigurationError} from '../errors';
import {describeTarget, parseConnectionString, resolveConfig, resolvePoolOptions} from '.';
import {connectionString} from './connection-strings.test.fixture';
import {sources} from './machine.test.fixture';
import {parameters} from './parameters';

// Longer than what inspect() might show for other reasons, and in no message.
const secret = 'qx7secretvx9';

function attempt(work: () => unknown): void {
  let shown: string;
  try {
    const result = work();
    shown = inspect(result, {depth: 9, showHidden: true}) + (JSON.stringify(result) ?? '');
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, inspect(error));
    shown = inspect(error, {depth: 9, showHidden: true}) + JSON.stringify(error);
  }
  assert.ok(!shown.includes(secret), shown);
}

const anyString = fc.oneof(connectionString, fc.string({unit: 'binary'}));

test('any string', () => {
  fc.assert(
    fc.property(anyString, (text) => {
      attempt(() => describeTarget(resolveConfig(text, sources())));
      attempt(() => parseConnectionString(text));
      attempt(() => resolveConfig({}, sources({env: {DATABASE_URL: text}})));
    }),
    {numRuns: 1500},
  );
});

const variables = [
  ...parameters.flatMap(({environmentVariable: name}) => name ?? []),
  'PGTZ',
  'PGDATESTYLE',
  'PGREQUIRESSL',
  'PGSERVICEFILE',
  'PGSYSCONFDIR',
  'DATABASE_URL',
  'APPDATA',
];
const environment = fc.dictionary(
  fc.constantFrom(...variables),
  fc.oneof(anyString, fc.constantFrom('1', 'h1,h2', 'require', 'svc', '/f', '__proto__')),
);
const files = fc.dictionary(
  fc.constantFrom('/f', '/home/me/.pgpass', '/home/me/.pg_service.conf', '/home/me/.pgrc'),
  fc.oneof(anyString, fc.constantFrom(`*:*:*:*:${secret}`, `[svc]\npassword=${secret}\nhost=h\n`)),
);

test('any environment and any files', () => {
  fc.assert(
    fc.property(environment, files, fc.boolean(), (env, contents, windows) => {
      const machine = {env, files: contents, cwd: '/home/me'};
      const all = {PGPASSWORD: secret, ...env};
      attempt(() => resolveConfig(undefined, sources(machine)));
      attempt(() =>
        resolveConfig({}, sources({...machine, env: all, ...(windows ? {platform: 'win32'} : {})})),
      );
    }),
    {numRuns: 600},
  );
});

const optionNames =
  'connectionString user host port database ssl socket prepare schema types bigIntMode poolSize maxLifetimeMilliseconds onError applicationName'.split(
    ' ',
  );

test('any options', () => {
  const value = fc.oneof(anyString, fc.anything({withBigInt: true, withNullPrototype: true}));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...optionNames), value), value, (given, other) => {
      const options = {password: secret, ...given};
      attempt(() => Reflect.apply(resolveConfig, undefined, [options, sources()]));
      attempt(() => Reflect.apply(resolvePoolOptions, undefined, [options]));
      attempt(() => Reflect.apply(resolveConfig, undefined, [other, sources()]));
      attempt(() => Reflect.apply(resolvePoolOptions, undefined, [other]));
    }),
    {numRuns: 600},
  );
});
