import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {RememberedConfig} from './remembered-config';
import {resolveConfig} from './resolve';
import type {ResolvedConfig} from './resolved-config';
import type {ConfigSources} from './settings';
import type {ConnectionOptions} from './options';

let env: Record<string, string | undefined>;
let files: Map<string, string>;
let mode: number;
let username: string;
let readings: number;
let remembered: RememberedConfig<string | ConnectionOptions | undefined, ResolvedConfig>;

const sources: ConfigSources = {
  get env() {
    return env;
  },
  readFile: (path) => files.get(path),
  fileMode: () => mode,
  homedir: '/home/ann',
  get username() {
    return username;
  },
};

beforeEach(() => {
  env = {};
  files = new Map();
  mode = 0o600;
  username = 'ann';
  readings = 0;
  remembered = new RememberedConfig((input, from) => {
    readings++;
    return resolveConfig(input, from);
  });
});

const read = (input?: string | ConnectionOptions) => remembered.read(input, sources);

test('the same options, written out twice, are read once', () => {
  const first = read({host: ['a', 'b'], user: 'ann', ssl: {ca: 'PEM'}});
  assert.equal(read({host: ['a', 'b'], user: 'ann', ssl: {ca: 'PEM'}}), first);
  assert.equal(readings, 1);
});

test('other options are read again', () => {
  assert.equal(read({host: 'a', user: 'ann'}).host[0], 'a');
  assert.equal(read({host: 'b', user: 'ann'}).host[0], 'b');
  assert.equal(read('postgres://ann@c/').host[0], 'c');
});

test('a variable that appears, changes or goes is noticed', () => {
  const input = {host: 'db', user: 'ann'};
  assert.equal(read(input).port[0], 5432);
  env['PGPORT'] = '6000';
  assert.equal(read(input).port[0], 6000);
  env['PGPORT'] = '6001';
  assert.equal(read(input).port[0], 6001);
  delete env['PGPORT'];
  assert.equal(read(input).port[0], 5432);
});

test('a password file that appears, changes, becomes readable for others or goes is noticed', () => {
  const input = 'postgres://ann@db/';
  assert.equal(read(input).password, undefined);
  files.set('/home/ann/.pgpass', '*:*:*:*:first');
  assert.equal(read(input).password, 'first');
  files.set('/home/ann/.pgpass', '*:*:*:*:second');
  assert.equal(read(input).password, 'second');
  mode = 0o644;
  assert.equal(read(input).password, undefined);
  mode = 0o600;
  files.delete('/home/ann/.pgpass');
  assert.equal(read(input).password, undefined);
  assert.equal(readings, 5);
});

test('another user of the system is noticed where the user name comes from there, and not asked for elsewhere', () => {
  assert.equal(read('postgres://db/').user, 'ann');
  username = 'ben';
  assert.equal(read('postgres://db/').user, 'ben');
  read('postgres://ann@db/');
  const asked = readings;
  username = 'cem';
  read('postgres://ann@db/');
  assert.equal(readings, asked);
});

test('what the program changes in its options afterwards changes nothing that is remembered', () => {
  const ca = Buffer.from('first');
  const first = read({host: 'db', user: 'ann', ssl: {ca}});
  ca.write('other');
  const other = read({host: 'db', user: 'ann', ssl: {ca}});
  assert.notEqual(first, other);
  assert.deepEqual(first.ssl.nodeOptions?.ca, Buffer.from('first'));
});

test('options that are an instance of a class are read each time', () => {
  class Options {
    readonly host = 'db';
    readonly user = 'ann';
  }
  const input = new Options();
  assert.notEqual(read(input), read(input));
  assert.equal(readings, 2);
});

test('an error is thrown each time, and forgets nothing', () => {
  const first = read('postgres://ann@db/');
  for (let time = 0; time < 2; time++) assert.throws(() => read('postgres://ann@db:port/'));
  assert.equal(readings, 3);
  assert.equal(read('postgres://ann@db/'), first);
});
