import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {TargetSessionAttrs} from '../../config';
import {AuthenticationError, ConnectionError, DatabaseError, TimeoutError} from '../../errors';
import type {StopSignal} from '../attempts/stop-signal';
import {Hosts} from './hosts';
import type {AttemptHost, Host, Unfit} from './hosts';

const FATAL = {severityNonLocalized: 'FATAL'};

/** What a place does: lets in, refuses, says nothing until it is given up, or is of another kind. */
type Manner =
  | 'up'
  | 'refuses'
  | 'silent'
  | 'unfit'
  | 'unfit, then refuses'
  | 'full'
  | 'wrong password';

const refused = (server: string) =>
  new ConnectionError(`could not connect to ${server}: refused`, {code: 'PG_CONNECT_FAILED'});

interface Scene {
  readonly names: readonly string[];
  /** By `host` or `host (address)`. */
  readonly manners: Readonly<Record<string, Manner>>;
  readonly dns?: Readonly<Record<string, readonly string[]>>;
  /** Hosts are shuffled with this throw, again and again: 0 turns them round, 0.999 leaves them. */
  readonly random?: number;
  readonly target?: TargetSessionAttrs;
  readonly timeoutMilliseconds?: number;
}

/** Hosts on a made-up network. `tried` lists what was tried, in order. */
function play(scene: Scene) {
  const manners = new Map(Object.entries(scene.manners));
  const tried: string[] = [];
  const clock = {now: 0};
  const hosts = new Hosts(
    {
      hosts: scene.names.map((name) => hostOf(name)),
      target: scene.target ?? 'any',
      policy: scene.random === undefined ? 'sticky' : 'random',
      timeoutMilliseconds: scene.timeoutMilliseconds ?? 0,
    },
    {
      now: () => clock.now,
      random: () => scene.random ?? 0,
      lookUp(name) {
        const found = scene.dns?.[name] ?? (scene.dns === undefined ? [name] : undefined);
        if (found !== undefined) return Promise.resolve(found);
        return Promise.reject(Object.assign(new Error('not found'), {code: 'ENOTFOUND'}));
      },
    },
  );
  const attempt: AttemptHost<{server: string}> = async (host, wish, signal) => {
    const {server} = host.attempt;
    tried.push(server);
    return behave(manners.get(server) ?? 'up', server, wish, signal);
  };
  return {tried, clock, manners, find: () => hosts.find(attempt)};
}

async function behave(
  manner: Manner,
  server: string,
  wish: TargetSessionAttrs,
  signal: StopSignal,
): Promise<{server: string} | Unfit> {
  switch (manner) {
    case 'up':
      return {server};
    case 'unfit':
      return wish === 'any' ? {server} : {unfit: refused(server)};
    case 'unfit, then refuses':
      if (wish !== 'any') return {unfit: refused(server)};
      throw refused(server);
    case 'refuses':
      throw refused(server);
    case 'full':
      throw new DatabaseError({...FATAL, code: '53300', message: `${server} is full`});
    case 'wrong password':
      throw new AuthenticationError('no', {code: 'PG_AUTHENTICATION_REFUSED'});
    case 'silent':
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason instanceof Error ? signal.reason : new Error('no reason'));
        });
      });
  }
}

function hostOf(name: string): Host {
  const attempt = {
    server: name,
    user: 'u',
    database: 'd',
    passwordSource: '',
    databaseSource: '',
    transactionTimeout: false,
  };
  const trace = {
    serverAddress: name,
    serverPort: 5432,
    database: 'd',
    schema: undefined,
    poolName: '',
  };
  return {endpoint: {host: name, port: 5432}, attempt, password: undefined, trace};
}

test('a host that fails is tried again only after the others, and the one that answered comes first', async () => {
  const {find, tried} = play({names: ['a', 'b', 'c'], manners: {a: 'refuses'}});
  assert.equal((await find()).server, 'b');
  assert.equal((await find()).server, 'b');
  assert.deepEqual(tried, ['a', 'b', 'b']);
});

test('when the one that answered fails, the one that failed before comes last', async () => {
  const {find, tried, manners} = play({names: ['a', 'b', 'c'], manners: {a: 'refuses'}});
  await find();
  manners.set('b', 'refuses');
  assert.equal((await find()).server, 'c');
  assert.deepEqual(tried, ['a', 'b', 'b', 'c']);
});

test('in random order, a host that did not answer costs its timeout once a minute', async () => {
  const {find, tried, clock} = play({
    names: ['a', 'b'],
    manners: {a: 'silent'},
    random: 0.999,
    timeoutMilliseconds: 5,
  });
  for (let i = 0; i < 4; i++) await find();
  assert.deepEqual(tried, ['a', 'b', 'b', 'b', 'b']);
  clock.now = 61_000;
  await find();
  assert.deepEqual(tried.slice(5), ['a', 'b']);
});

test('all addresses of a name are tried, and those that failed come last the next time', async () => {
  const {find, tried} = play({
    names: ['db'],
    dns: {db: ['10.0.0.1', '10.0.0.2']},
    manners: {'db (10.0.0.1)': 'refuses'},
  });
  await find();
  await find();
  assert.deepEqual(tried, ['db (10.0.0.1)', 'db (10.0.0.2)', 'db (10.0.0.2)']);
});

test('the addresses of a name are shuffled where hosts are', async () => {
  const dns = {db: ['10.0.0.1', '10.0.0.2']};
  const {find, tried} = play({names: ['db'], dns, manners: {}, random: 0});
  await find();
  assert.deepEqual(tried, ['db (10.0.0.2)']);
});

test('a silent address leaves time to the next', async () => {
  const {find, tried} = play({
    names: ['db'],
    dns: {db: ['10.0.0.1', '10.0.0.2']},
    manners: {'db (10.0.0.1)': 'silent'},
    timeoutMilliseconds: 40,
  });
  assert.equal((await find()).server, 'db (10.0.0.2)');
  assert.equal(tried.length, 2);
});

test('a silent host leaves its whole time to the next', async () => {
  const {find} = play({names: ['a', 'b'], manners: {a: 'silent'}, timeoutMilliseconds: 20});
  assert.equal((await find()).server, 'b');
});

test('a name that cannot be looked up is passed over', async () => {
  const {find, tried} = play({names: ['nowhere', 'db'], dns: {db: ['10.0.0.1']}, manners: {}});
  assert.equal((await find()).server, 'db');
  assert.deepEqual(tried, ['db']);
});

test('the error lists all that was tried, and holds each failure', async () => {
  const {find} = play({
    names: ['nowhere', 'a', 'db'],
    dns: {a: ['10.0.0.9'], db: ['10.0.0.1', '10.0.0.2']},
    manners: {a: 'silent', 'db (10.0.0.1)': 'refuses', 'db (10.0.0.2)': 'refuses'},
    timeoutMilliseconds: 10,
  });
  await assert.rejects(find(), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /^none of 4 attempts to connect succeeded:\n/);
    const lines = error.message.split('\n').slice(1);
    assert.match(
      lines[0] ?? '',
      /^- after 0 ms, .*nowhere: not found \(the host name is not known/,
    );
    assert.match(lines[1] ?? '', /could not connect to a within 10 ms/);
    assert.match(lines[2] ?? '', /db \(10\.0\.0\.1\): refused/);
    assert.match(lines[3] ?? '', /db \(10\.0\.0\.2\): refused/);
    assert.ok(error.cause instanceof AggregateError);
    assert.equal(error.cause.errors.length, 4);
    return true;
  });
});

test('the one thing that was tried fails with its own error', async () => {
  const {find} = play({names: ['a'], manners: {a: 'refuses'}});
  await assert.rejects(find(), {message: 'could not connect to a: refused'});
});

/** What is thrown when the only hosts are like these. */
async function kindOf(...kinds: readonly Manner[]): Promise<unknown> {
  const names = kinds.map((_, index) => `h${index}`);
  const manners = Object.fromEntries(kinds.map((manner, index) => [`h${index}`, manner]));
  return play({names, manners, timeoutMilliseconds: 5})
    .find()
    .catch((error: unknown) => error);
}

test('the error is of the kind that tells most', async () => {
  const full = await kindOf('silent', 'full', 'refuses');
  assert.ok(full instanceof DatabaseError);
  assert.equal(full.code, '53300');
  assert.ok(full.cause instanceof AggregateError);
  assert.ok((await kindOf('refuses', 'silent')) instanceof ConnectionError);
  const silent = await kindOf('silent', 'silent');
  assert.ok(silent instanceof TimeoutError);
  assert.equal(silent.code, 'PG_CONNECT_TIMEOUT');
});

test('a refused password is the answer of all hosts', async () => {
  const {find, tried} = play({names: ['a', 'b'], manners: {a: 'wrong password'}});
  await assert.rejects(find(), AuthenticationError);
  assert.deepEqual(tried, ['a']);
});

test('prefer-standby goes round again, without those that did not let us in', async () => {
  const {find, tried} = play({
    names: ['dead', 'leaving', 'primary'],
    manners: {dead: 'silent', leaving: 'unfit, then refuses', primary: 'unfit'},
    target: 'prefer-standby',
    timeoutMilliseconds: 5,
  });
  assert.equal((await find()).server, 'primary');
  assert.deepEqual(tried, ['dead', 'leaving', 'primary', 'leaving', 'primary']);
});

test('in the second round of prefer-standby nobody pays for the dead again', async () => {
  const {find, tried} = play({
    names: ['dead', 'leaving'],
    manners: {dead: 'silent', leaving: 'unfit, then refuses'},
    target: 'prefer-standby',
    timeoutMilliseconds: 5,
  });
  await assert.rejects(find(), {code: 'PG_CONNECT_FAILED'});
  assert.deepEqual(tried, ['dead', 'leaving', 'leaving']);
});

test('a host of another kind is not held to be dead', async () => {
  const {find, tried, manners} = play({
    names: ['a', 'b'],
    manners: {a: 'unfit'},
    target: 'read-write',
  });
  assert.equal((await find()).server, 'b');
  manners.set('a', 'up').set('b', 'unfit');
  assert.equal((await find()).server, 'a');
  assert.deepEqual(tried, ['a', 'b', 'b', 'a']);
});

test('hostaddr is not looked up', async () => {
  const host = hostOf('name');
  const hosts = new Hosts(
    {
      hosts: [{...host, endpoint: {...host.endpoint, address: '10.0.0.1'}}],
      target: 'any',
      policy: 'sticky',
      timeoutMilliseconds: 0,
    },
    {now: () => 0, random: () => 0, lookUp: () => Promise.reject(new Error('looked up'))},
  );
  const found = await hosts.find(({endpoint}) => Promise.resolve(endpoint));
  assert.equal(found.address, '10.0.0.1');
});

/** A pool of the usual kind: one address, and nothing is looked for. */
function only(manner: Manner, target: TargetSessionAttrs, timeoutMilliseconds: number) {
  const host = hostOf('a');
  const hosts = new Hosts(
    {
      hosts: [{...host, endpoint: {...host.endpoint, address: '10.0.0.1'}}],
      target,
      policy: 'sticky',
      timeoutMilliseconds,
    },
    {now: () => 0, random: () => 0, lookUp: () => Promise.reject(new Error('looked up'))},
  );
  const signals: StopSignal[] = [];
  const find = () =>
    hosts.find(({attempt}, wish, signal) => {
      signals.push(signal);
      return behave(manner, attempt.server, wish, signal);
    });
  return {find, signals};
}

test('the only address answers, or fails with its own error, within its time', async () => {
  assert.deepEqual(await only('up', 'any', 0).find(), {server: 'a'});
  await assert.rejects(only('refuses', 'any', 0).find(), refused('a'));
  await assert.rejects(only('unfit', 'standby', 0).find(), refused('a'));
  await assert.rejects(only('silent', 'any', 5).find(), {code: 'PG_CONNECT_TIMEOUT'});
  assert.deepEqual(await only('unfit', 'prefer-standby', 0).find(), {server: 'a'});
});

test('the time of the only address is over when it has answered or failed', async (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  for (const manner of ['up', 'refuses'] as const) {
    const {find, signals} = only(manner, 'any', 5);
    await find().catch(() => undefined);
    t.mock.timers.tick(6);
    assert.deepEqual(
      signals.map(({aborted}) => aborted),
      [false],
    );
  }
});

test('a lookup that does not end is given up with the host', async () => {
  const hosts = new Hosts(
    {hosts: [hostOf('name')], target: 'any', policy: 'sticky', timeoutMilliseconds: 5},
    {now: () => 0, random: () => 0, lookUp: () => new Promise(() => {})},
  );
  await assert.rejects(
    hosts.find(() => Promise.resolve({})),
    {code: 'PG_CONNECT_TIMEOUT'},
  );
});
