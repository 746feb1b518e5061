import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {pgHbaConf, postgresqlConf, settingLine} from './configuration';
import type {Configuration} from './configuration';

const BASE: Configuration = {
  port: 5432,
  socketDirectories: ['/tmp/pg-test-1'],
  authentication: 'trust',
  durable: false,
  tls: false,
  logLevel: undefined,
  settings: {},
  platform: 'linux',
};

test('fsync is off unless the server is to be durable', () => {
  assert.match(postgresqlConf(BASE), /^fsync = 'off'$/m);
  assert.doesNotMatch(postgresqlConf({...BASE, durable: true}), /fsync|full_page_writes/);
});

test("the caller's setting replaces ours", () => {
  const text = postgresqlConf({...BASE, settings: {max_connections: '7', fsync: 'on'}});
  assert.match(text, /^max_connections = '7'$/m);
  assert.match(text, /^fsync = 'on'$/m);
  assert.doesNotMatch(text, /'100'|fsync = 'off'/);
});

/** What guc-file.l does to a quoted value: '' is one quote, and two backslashes are one. */
function readSetting(line: string): string {
  return line.slice("name = '".length, -2).replaceAll(/''|\\\\/g, (pair) => pair[0] ?? '');
}

test('a setting reads back as it was given, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      assert.equal(readSetting(settingLine(['name', value])), value);
    }),
  );
});

test("the caller's lines of pg_hba.conf come before the defaults and after the administrator", () => {
  const lines = pgHbaConf('scram-sha-256', ['hostssl all all 127.0.0.1/32 cert'], 'linux').split(
    '\n',
  );
  const position = (part: string) => lines.findIndex((line) => line.includes(part));
  assert.ok(position('local all postgres trust') < position('hostssl all'));
  assert.ok(position('hostssl all') < position('host all all 127.0.0.1/32 scram-sha-256'));
});

test('nobody but this machine is let in', () => {
  const hosts = pgHbaConf('trust', [], 'linux')
    .split('\n')
    .filter((line) => line.startsWith('host'));
  assert.equal(hosts.length, 4);
  for (const line of hosts) assert.match(line, / (?:127\.0\.0\.1\/32|::1\/128) /);
});
