import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ConfigurationError} from '../errors';
import {resolvePoolOptions} from '.';

function refusal(input: unknown): string {
  try {
    Reflect.apply(resolvePoolOptions, undefined, [input]);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
  return assert.fail('nothing was thrown');
}

test('without options the defaults are those of the original', () => {
  assert.deepEqual(resolvePoolOptions(undefined), {
    schema: [],
    bigIntMode: 'number',
    types: undefined,
    poolName: undefined,
    poolSize: 10,
    maxUses: Number.POSITIVE_INFINITY,
    idleTimeoutMilliseconds: 30_000,
    connectionTimeoutMilliseconds: 10_000,
    queueTimeoutMilliseconds: 60_000,
    acquireLockTimeoutMilliseconds: 60_000,
    statementTimeoutMilliseconds: 0,
    queryTimeoutMilliseconds: 0,
    idleInTransactionSessionTimeoutMilliseconds: 0,
    lockTimeoutMilliseconds: 0,
    transactionTimeoutMilliseconds: 0,
    silenceTimeoutMilliseconds: 10_000,
    listenHeartbeatMilliseconds: 15_000,
    keepAlive: true,
    keepAliveInitialDelayMilliseconds: 30_000,
    allowCleartextPasswordWithoutTls: false,
    allowMd5PasswordWithoutTls: false,
    maxScramIterations: 100_000,
    prepare: 'auto',
    maxPreparedStatements: 512,
    maxLifetimeMilliseconds: 0,
    clientConnectionCheckIntervalMilliseconds: 0,
    resetOnRelease: 'auto',
    captureStacks: false,
    slowQueryMilliseconds: 1000,
    sqlCommenter: undefined,
    leakWarningMilliseconds: 0,
    socket: undefined,
  });
  assert.deepEqual(resolvePoolOptions('postgres://h'), resolvePoolOptions({}));
});

test('an option beats what the connection string says, which beats the default', () => {
  const defaults = {poolSize: 3, prepare: 'never', schema: 'url'} as const;
  const options = resolvePoolOptions({poolSize: 4}, defaults);
  assert.deepEqual([options.poolSize, options.prepare, options.schema], [4, 'never', ['url']]);
});

function queue(connectionTimeoutMilliseconds: number, hostCount: number): number {
  return resolvePoolOptions({connectionTimeoutMilliseconds}, {hostCount}).queueTimeoutMilliseconds;
}

test('waiters outlast two rounds over all hosts', () => {
  assert.equal(queue(10_000, 3), 60_000);
  assert.equal(queue(10_000, 4), 80_000);
  assert.equal(queue(2_000_000_000, 2), 2_147_483_647);
});

test('a misspelt option is an error that knows what was meant', () => {
  assert.match(refusal({poolsize: 3}), /option "poolsize".*Did you mean "poolSize"\?/);
  assert.match(refusal({idleTimoutMilliseconds: 3}), /"idleTimeoutMilliseconds"/);
  assert.match(refusal({max: 3}), /called "poolSize"/);
  assert.match(refusal({connect_timeout: 3}), /counts milliseconds/);
  assert.match(refusal({clientConnectionCheckInterval: 3}), /"clientConnectionCheckIntervalMilli/);
  assert.match(refusal({maxLifetimeSeconds: 3}), /"maxLifetimeMilliseconds".*counts milliseconds/);
  assert.match(refusal({resetOnReleased: true}), /Did you mean "resetOnRelease"\?/);
  assert.match(refusal({zebra: 3}), /there is no such option\.$/);
});

suite('a value that cannot be meant is an error', () => {
  const cases: readonly [name: string, value: unknown, message: RegExp][] = [
    ['poolSize', 0, /from 1 to 1000000; got 0/],
    ['poolSize', '10', /got a string/],
    ['maxUses', 0, /from 1/],
    ['maxUses', 1.5, /got 1.5/],
    ['idleTimeoutMilliseconds', -1, /whole number of milliseconds from 0/],
    ['queryTimeoutMilliseconds', 2 ** 31, /to 2147483647/],
    ['queueTimeoutMilliseconds', Number.POSITIVE_INFINITY, /For no limit give 0/],
    ['queueTimeoutMilliseconds', Number.NaN, /got NaN/],
    ['keepAlive', 1, /true or false; got 1/],
    ['maxScramIterations', 0, /from 1/],
    ['bigIntMode', 'strnig', /Did you mean "string"/],
    ['bigIntMode', null, /must be one of/],
    ['schema', '', /empty/],
    ['schema', [1], /array of strings/],
    ['types', 3, /a function, a Map or an object/],
    ['types', {int8: Number}, /type OIDs/],
    ['types', new Map([[20, 'x']]), /type OIDs/],
    ['onError', 'log', /a function/],
    ['prepare', 'no', /one of auto, named, never, true or false/],
    ['prepare', 'nevr', /Did you mean "never"/],
    ['maxPreparedStatements', 0, /from 1 to 100000; got 0\. For none give prepare: 'never'\./],
    [
      'maxPreparedStatements',
      100_001,
      /got 100001.*KB of the server's memory, on every connection/,
    ],
    ['maxPreparedStatements', Number.POSITIVE_INFINITY, /from 1 to 100000; got Infinity/],
    ['maxPreparedStatements', 1.5, /got 1\.5/],
    ['maxPreparedStatements', '512', /got a string/],
    ['maxLifetimeMilliseconds', -1, /whole number of milliseconds/],
    ['maxLifetimeMilliseconds', Number.POSITIVE_INFINITY, /For no limit give 0/],
    ['clientConnectionCheckIntervalMilliseconds', 1.5, /got 1.5/],
    ['resetOnRelease', 'always', /true, false or 'auto'; got a string/],
    ['socket', {}, /a function that gives a stream/],
  ];
  for (const [name, value, message] of cases)
    test(`${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`, () => {
      const said = refusal({[name]: value});
      assert.match(said, new RegExp(`^option "${name}": `));
      assert.match(said, message);
    });
});

test('bigIntAsString is the old name for a mode, and may not contradict the new one', () => {
  assert.equal(resolvePoolOptions({bigIntAsString: true}).bigIntMode, 'string');
  assert.equal(resolvePoolOptions({bigIntAsString: false}).bigIntMode, 'number');
  assert.equal(
    resolvePoolOptions({bigIntAsString: false, bigIntMode: 'bigint'}).bigIntMode,
    'bigint',
  );
  assert.match(refusal({bigIntAsString: true, bigIntMode: 'bigint'}), /contradicts/);
});

function prepare(value: boolean | 'auto' | 'named' | 'never'): string {
  return resolvePoolOptions({prepare: value}).prepare;
}

test('prepare has three modes, two of which have old names', () => {
  assert.deepEqual([true, false].map(prepare), ['auto', 'never']);
  assert.deepEqual((['auto', 'named', 'never'] as const).map(prepare), ['auto', 'named', 'never']);
});

test('handlers and types come through as they are', () => {
  const onError = console.warn;
  const types = new Map([[20, Number]]);
  const options = resolvePoolOptions({onError, types, maxUses: Number.POSITIVE_INFINITY});
  assert.equal(options.onError, onError);
  assert.equal(options.types, types);
});

test('an option given as undefined counts as not given', () => {
  assert.deepEqual(
    resolvePoolOptions({poolSize: undefined, onError: undefined}),
    resolvePoolOptions({}),
  );
});

test('null, arrays and URL objects are no options', () => {
  assert.match(refusal(null), /got null/);
  assert.match(refusal([]), /got an array/);
  assert.match(refusal(new URL('postgres://h')), /url\.href/);
});
