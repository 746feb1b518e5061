import assert from 'node:assert/strict';
import {createServer, request} from 'node:http';
import type {IncomingHttpHeaders, IncomingMessage, RequestOptions} from 'node:http';
import {test} from 'node:test';
import {Script} from 'node:vm';
import type {InspectorOptions, PoolStats} from '../client';
import {createInspector} from './create-inspector';
import {SCRIPT} from './page-script';

const EMPTY: PoolStats = {
  name: 'shop',
  serverAddress: 'db',
  serverPort: 5432,
  database: 'shop',
  total: 0,
  idle: 0,
  leased: 0,
  busy: 0,
  connecting: 0,
  waiting: 0,
  max: 1,
  limits: {
    poolSize: 1,
    queueTimeoutMilliseconds: 0,
    queryTimeoutMilliseconds: 0,
    idleTimeoutMilliseconds: 0,
    maxUses: Infinity,
    maxLifetimeMilliseconds: 0,
  },
  totals: {opened: 0, closed: 0, openFailures: 0, leases: 0, queries: 0, queueTimeouts: 0},
  lanes: [],
  waiters: [],
  failures: [],
  statements: [],
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Inspected {
  readonly answers: readonly Answer[];
  readonly looks: number;
  readonly reported: readonly Error[];
}

/** What an inspector answers to these requests, how often it looked at the pool, and what it reported. */
async function inspect(
  options: InspectorOptions,
  requests: readonly RequestOptions[],
  stats: () => PoolStats = () => EMPTY,
): Promise<Inspected> {
  let looks = 0;
  const reported: Error[] = [];
  const counted = () => {
    looks++;
    return stats();
  };
  const server = createServer(createInspector(counted, options, (error) => reported.push(error)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answers: Answer[] = [];
    for (const each of requests) answers.push(await ask({host: '127.0.0.1', port, ...each}));
    return {answers, looks, reported};
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function ask(options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({...options, agent: false}, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({status: response.statusCode, headers: response.headers, body}),
      );
    });
    asked.on('error', reject).end();
  });
}

test('there is a page and its data, and nothing else', async () => {
  const paths = ['/', '/?x', '/stats.json', '/stats.json?1', '/other', '//', '/../stats.json'];
  const {answers, looks} = await inspect(
    {},
    paths.map((path) => ({path})),
  );
  assert.deepEqual(
    answers.map(({status}) => status),
    [200, 200, 200, 200, 404, 404, 404],
  );
  assert.match(answers[0]?.body ?? '', /^<!doctype html>/);
  assert.equal(JSON.parse(answers[2]?.body ?? '').name, 'shop');
  assert.equal(looks, 2, 'the pool is looked at for its data only');
});

test('it can be read and not written to', async () => {
  const methods = ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];
  const {answers} = await inspect(
    {},
    methods.map((method) => ({method, path: '/stats.json'})),
  );
  assert.deepEqual(
    answers.map(({status}) => status),
    [200, 405, 405, 405, 405],
  );
  assert.equal(answers[0]?.body, '');
});

test('every answer forbids other scripts, frames, caching and other sites', async () => {
  const requests = [{path: '/'}, {path: '/stats.json'}, {path: '/no'}, {headers: {host: 'evil'}}];
  const {answers} = await inspect({}, requests);
  for (const {headers} of answers) {
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('a host that is no name of this machine sees nothing, and is told what to do', async () => {
  const {answers, looks} = await inspect({}, [
    {path: '/stats.json', headers: {host: 'evil.example'}},
    {path: '/stats.json', headers: {'x-forwarded-for': '10.0.0.1'}},
  ]);
  for (const {status, body} of answers) {
    assert.equal(status, 403);
    assert.match(body, /authorize/);
  }
  assert.equal(looks, 0);
});

test('allowRemote answers whoever asks', async () => {
  const {answers} = await inspect({allowRemote: true}, [{headers: {host: 'db.example'}}]);
  assert.equal(answers[0]?.status, 200);
});

async function hasKey({headers}: IncomingMessage): Promise<boolean> {
  return headers['x-key'] === 'right';
}

test('authorize decides instead of the address, also where it takes time', async () => {
  const {answers} = await inspect({authorize: hasKey, allowRemote: true}, [
    {headers: {host: 'db.example', 'x-key': 'right'}},
    {headers: {host: 'localhost', 'x-key': 'wrong'}},
    {headers: {host: 'localhost'}},
  ]);
  assert.deepEqual(
    answers.map(({status}) => status),
    [200, 403, 403],
  );
});

test('an authorize that fails is a no, and is reported', async () => {
  const failures: (() => boolean | Promise<boolean>)[] = [
    () => {
      throw new Error('in it');
    },
    () => Promise.reject(new Error('of it')),
  ];
  for (const authorize of failures) {
    const {answers, reported} = await inspect({authorize}, [{}]);
    assert.equal(answers[0]?.status, 403);
    assert.equal(reported.length, 1);
  }
  const truthy: object = {authorize: () => 'yes'};
  const {answers} = await inspect(truthy, [{}]);
  assert.equal(answers[0]?.status, 403, 'only true is a yes');
});

test('options that there are not, or of another type, are errors', () => {
  const wrong: object[] = [{authorise: () => true}, {allowRemote: 'yes'}, {constructor: 1}];
  for (const options of wrong) {
    assert.throws(
      () =>
        createInspector(
          () => EMPTY,
          options,
          () => undefined,
        ),
      {
        code: 'PG_INVALID_ARGUMENT',
      },
    );
  }
});

test('the script is one that browsers can read, and shows data as text only', () => {
  assert.doesNotThrow(() => new Script(SCRIPT));
  assert.doesNotMatch(SCRIPT, /innerHTML|insertAdjacent|document\.write|eval|<\/script/i);
});
