/** Every option has a test that shows its effect, and the guide says of each what its docstring says. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import type {ConnectionPoolConfig} from '@databases/pg';

const root = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type OptionName = keyof ConnectionPoolConfig;

/** Option -> file in test/ and words of the name of the test. The compiler finds an option that is missing. */
const SHOWN_BY: Readonly<Record<OptionName, readonly [string, string]>> = {
  connectionString: ['options-values', 'without a connection string'],
  host: ['options-values', 'host, port, user, database and password'],
  port: ['options-values', 'host, port, user, database and password'],
  user: ['options-values', 'host, port, user, database and password'],
  database: ['options-values', 'host, port, user, database and password'],
  password: ['options-password', 'asked once for a connection of many queries'],
  ssl: ['tls', 'an object of Node options verifies'],
  applicationName: ['options-values', 'makes the application name'],
  fallbackApplicationName: ['options-values', 'makes the application name'],
  socket: ['options-socket', 'is a way to the server'],
  schema: ['connect', 'schema is the search_path'],
  bigIntMode: ['options-values', 'reads int8 as a'],
  bigIntAsString: ['options-values', 'reads int8 as a'],
  types: ['options-values', 'says how columns are read'],
  poolName: ['tracing', 'told of with its text, its server'],
  poolSize: ['pool-limits', 'never has more sessions than poolSize'],
  maxUses: ['pool-limits', 'replaced after maxUses queries'],
  maxLifetimeMilliseconds: ['options-connection', 'older than maxLifetimeMilliseconds is replaced'],
  idleTimeoutMilliseconds: ['pool-limits', 'idle for idleTimeoutMilliseconds is closed'],
  connectionTimeoutMilliseconds: ['pool-limits', 'given up after connectionTimeoutMilliseconds'],
  queueTimeoutMilliseconds: ['pool-limits', 'finds no free connection in time'],
  acquireLockTimeoutMilliseconds: ['lock', 'limited by acquireLockTimeoutMilliseconds'],
  statementTimeoutMilliseconds: ['connect', 'statementTimeoutMilliseconds ends a statement'],
  queryTimeoutMilliseconds: ['abort', 'queryTimeoutMilliseconds ends a query'],
  idleInTransactionSessionTimeoutMilliseconds: ['connect', 'names and timeouts are settings'],
  lockTimeoutMilliseconds: ['connect', 'names and timeouts are settings'],
  transactionTimeoutMilliseconds: ['connect', 'transactionTimeoutMilliseconds is a setting'],
  keepAlive: ['options-connection', 'keep-alive timer'],
  keepAliveInitialDelayMilliseconds: ['options-connection', 'keep-alive timer'],
  clientConnectionCheckIntervalMilliseconds: ['options-connection', 'a process that was killed'],
  allowCleartextPasswordWithoutTls: ['options-connection', 'allowCleartextPasswordWithoutTls'],
  allowMd5PasswordWithoutTls: ['options-connection', 'allowMd5PasswordWithoutTls'],
  maxScramIterations: ['options-connection', 'maxScramIterations refuses'],
  prepare: ['options-prepare', 'names a statement from'],
  maxPreparedStatements: ['options-prepare', 'maxPreparedStatements keeps'],
  silenceTimeoutMilliseconds: ['adversity/every-promise-settles', 'silenceTimeoutMilliseconds'],
  listenHeartbeatMilliseconds: ['listen-loss', 'found within two heartbeats'],
  slowQueryMilliseconds: ['warnings', 'slowQueryMilliseconds'],
  onSlowQuery: ['warnings', 'slowQueryMilliseconds'],
  leakWarningMilliseconds: ['warnings', 'leakWarningMilliseconds'],
  sqlCommenter: ['sql-commenter', 'prepare: never'],
  captureStacks: ['adversity/drain', 'every holder is named'],
  resetOnRelease: ['options-reset', 'resetOnRelease: ${resetOnRelease}'],
  onError: ['connect', 'given to onError once'],
  onQueryStart: ['handlers', 'told of a query and of its rows'],
  onQueryResults: ['handlers', 'told of a query and of its rows'],
  onQueryError: ['handlers', 'told of the statement that failed'],
  onConnectionOpened: ['handlers', 'when they open and when they close'],
  onConnectionClosed: ['handlers', 'when they open and when they close'],
};

test('the table of tests names every option that is accepted', () => {
  const source = read('packages/pg/src/config/pool-options.ts');
  const list = /const known: [^{]*\{([^}]*)\}/.exec(source)?.[1] ?? '';
  const accepted = [...list.matchAll(/(\w+): true/g)].map((match) => match[1] ?? '');
  assert.ok(accepted.length > 30);
  assert.deepEqual(Object.keys(SHOWN_BY).sort(), accepted.sort());
});

for (const [option, [file, words]] of Object.entries(SHOWN_BY)) {
  test(`${option} is shown by a test that is there`, () => {
    const names = [...read(`test/${file}.test.ts`).matchAll(/test\(\s*(['"`])(.*)\1/g)];
    assert.ok(
      names.some(([, , name = '']) => name.includes(words)),
      `no test of test/${file}.test.ts is named "... ${words} ..."`,
    );
  });
}

/** `Default: 30000.` of a docstring, by option. */
function documentedDefaults(): Map<string, string> {
  const defaults = new Map<string, string>();
  for (const file of ['options.ts', 'connection-pool-config.ts']) {
    const source = read(`packages/pg/src/config/${file}`);
    for (const [, comment = '', name = ''] of source.matchAll(
      /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*readonly (\w+)\?:/g,
    )) {
      const text = comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ');
      const value = /Default: `?(true|false|Infinity|auto|number|\d+)\b/.exec(text)?.[1];
      if (value !== undefined) defaults.set(name, value);
    }
  }
  return defaults;
}

test('the defaults on the options page are those of the docstrings', () => {
  const page = read('docs/guide/connection-options.md');
  const [limits = ''] = /\n## Limits on queries\n[^]*?(?=\n## )/.exec(page) ?? [];
  const defaults = documentedDefaults();
  assert.ok(defaults.size > 15, `${defaults.size}`);
  for (const [name, value] of defaults) {
    const row = new RegExp(`^\\| \`${name}\` +\\|([^|]*)\\|`, 'm').exec(page)?.[1];
    assert.ok(row !== undefined, name);
    // The table of limits has no column for it: the sentence above it says 0.
    const said = new RegExp(`\`${name}\``).test(limits) ? '0' : row.replaceAll(/[`' ]/g, '');
    assert.equal(said, value, name);
  }
});
