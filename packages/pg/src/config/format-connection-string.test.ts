import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ConfigurationError} from '../errors';
import {describeTarget, formatConnectionString, parseConnectionString, resolveConfig} from '.';
import type {ConnectionParts} from '.';
import {refused, sources} from './machine.test.fixture';

test('special characters are escaped, so that the string reads back', () => {
  const text = formatConnectionString({
    user: 'ann@corp',
    password: 'p@ss/w?rd#%:&',
    host: ['db.example', '::1', '/tmp'],
    port: [5432, 6543, undefined],
    database: 'my shop',
    parameters: {sslmode: 'require', options: '-c geqo=off'},
  });
  assert.equal(
    text,
    'postgres://ann%40corp:p%40ss%2Fw%3Frd%23%25%3A%26@db.example:5432,[::1]:6543,%2Ftmp/my%20shop?sslmode=require&options=-c%20geqo%3Doff',
  );
});

const text = fc
  .oneof(fc.string({unit: 'binary'}), fc.stringMatching(/^[@:/?#[\]&=%,+ \\'"a-z0-9]*$/))
  .filter((one) => !one.includes('\0'));
const host = fc.oneof(
  text.map((one) => one.replaceAll(',', '')),
  fc.constantFrom('localhost', '::1', 'fe80::1%eth0', '/tmp', '@abstract', ''),
);
const port = fc.option(fc.integer({min: 1, max: 65_535}), {nil: undefined});
const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, {maxLength: 3});
const parts = fc.record({
  user: fc.option(text, {nil: undefined}),
  password: fc.option(text, {nil: undefined}),
  database: fc.option(text, {nil: undefined}),
  host: several(host),
  hostaddr: several(fc.constantFrom('10.0.0.1', '::1', '')),
  port: several(port),
  parameters: fc.dictionary(
    fc.constantFrom(
      'sslmode',
      'options',
      'application_name',
      'sslpassword',
      'schema',
      'connection_limit',
      'service',
    ),
    text,
  ),
});

function filled<T>(list: readonly T[] = []): readonly T[] {
  return list.length === 1 && (list[0] === '' || list[0] === undefined) ? [] : list;
}

// An empty text is the same as none, and so is a list of one entry that says nothing.
function plain(given: ConnectionParts): Record<string, unknown> {
  const {parameters = {}} = given;
  return {
    user: given.user === '' ? undefined : given.user,
    password: given.password === '' ? undefined : given.password,
    database: given.database === '' ? undefined : given.database,
    host: filled(given.host),
    hostaddr: filled(given.hostaddr),
    port: filled(given.port),
    parameters: Object.fromEntries(
      Object.getOwnPropertyNames(parameters)
        .sort()
        .map((name) => [name, parameters[name]]),
    ),
  };
}

test('what is formatted reads back to the same parts', () => {
  fc.assert(
    fc.property(parts, (given) => {
      const read = parseConnectionString(formatConnectionString(given));
      assert.deepEqual(plain(read), plain(given));
    }),
    {numRuns: 500},
  );
});

test('what cannot be expressed is refused, without the password', () => {
  for (const given of [
    {password: 'hush\0'},
    {password: 'hush\uD800'},
    {host: ['a,b'], password: 'hush'},
    {password: 'hush', parameters: {sslmod: 'require'}},
  ]) {
    const error = refused(() => formatConnectionString(given));
    assert.ok(!`${error.message}${error.stack}`.includes('hush'));
  }
});

test('the description of a resolved target reads back to it', () => {
  fc.assert(
    fc.property(text, text, several(host), (user, database, hosts) => {
      let config;
      try {
        config = resolveConfig(formatConnectionString({user, database, host: hosts}), sources());
      } catch (error) {
        // Hosts with white space or "://" are none.
        assert.ok(error instanceof ConfigurationError, String(error));
        return;
      }
      const again = resolveConfig(describeTarget(config), sources());
      for (const field of ['user', 'database', 'host', 'port'] as const)
        assert.deepEqual(again[field], config[field]);
    }),
    {numRuns: 300},
  );
});
