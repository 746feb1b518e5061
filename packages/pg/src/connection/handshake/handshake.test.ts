import assert from 'node:assert/strict';
import {test} from 'node:test';
import {AuthenticationError, ProtocolError} from '../../errors';
import {BackendTag, ByteWriter, FrameDecoder, PROTOCOL_3_0} from '../../protocol';
import type {Authentication} from '../../protocol';
import {
  ScriptedBackend,
  writeAuthentication,
  writeBackendKeyData,
  writeEmptyBody,
  writeErrorResponse,
  writeNegotiateProtocolVersion,
  writeNoticeResponse,
  writeParameterStatus,
  writeReadyForQuery,
} from '../../protocol/testing';
import type {BackendScript, ScriptedAuthentication} from '../../protocol/testing';
import {md5hex, nodeCrypto as serverCrypto} from '../../protocol/testing/node-crypto';
import type {Write} from '../session/session.test.support';
import {Authenticator} from './authenticator';
import type {AuthenticationPolicy} from './authenticator';
import {Handshake} from './handshake';
import {nodeCrypto} from './node-crypto';

const PASSWORD = 'correct horse';

class Client {
  readonly writer = new ByteWriter();
  readonly handshake: Handshake;
  readonly #decoder = new FrameDecoder();

  constructor(policy: Partial<AuthenticationPolicy> = {}) {
    const authenticator = new Authenticator(
      {
        user: 'u',
        password: PASSWORD,
        confidential: false,
        allowCleartextPasswordWithoutTls: false,
        allowMd5PasswordWithoutTls: false,
        maxScramIterations: 10_000,
        target: 'db:5432',
        requireAuth: undefined,
        channelBinding: 'prefer',
        certificate: undefined,
        ...policy,
      },
      nodeCrypto,
    );
    this.handshake = new Handshake(this.writer, authenticator);
    this.handshake.start([['user', 'u']], {
      minProtocolVersion: '3.0',
      maxProtocolVersion: 'latest',
    });
  }

  /** Takes what the server says; waits for each answer before it reads on. */
  async hears(bytes: Buffer): Promise<void> {
    this.#decoder.push(bytes, 0, bytes.length);
    for (;;) {
      const step = this.#next();
      if (step === 'done') return;
      if (step === 'read') continue;
      await step;
      this.handshake.answered();
    }
  }

  /** Takes what the server says at once, as a transport does that has no answer yet. */
  hearsAtOnce(...writes: readonly Write[]): Promise<unknown> {
    const bytes = serverSays(...writes);
    this.#decoder.push(bytes, 0, bytes.length);
    const answers: Promise<void>[] = [];
    for (let step = this.#next(); step !== 'done'; step = this.#next()) {
      if (typeof step === 'string') continue;
      answers.push(step);
      step.catch(() => undefined);
    }
    return Promise.all(answers);
  }

  #next() {
    const decoder = this.#decoder;
    if (!decoder.next()) return 'done';
    return this.handshake.receive(decoder.tag, decoder.buffer, decoder.start, decoder.end);
  }
}

function serverSays(...writes: readonly Write[]): Buffer {
  const writer = new ByteWriter();
  for (const write of writes) write(writer);
  return writer.take();
}

async function connect(
  authentication: ScriptedAuthentication,
  policy: Partial<AuthenticationPolicy> = {},
  script: Partial<BackendScript> = {},
) {
  const backend = new ScriptedBackend({query: () => ({}), authentication, ...script});
  const client = new Client(policy);
  while (client.writer.pendingBytes > 0) {
    await client.hears(backend.receive(client.writer.take()));
  }
  return {handshake: client.handshake, backend};
}

const scram = (password: string, iterations = 4096): ScriptedAuthentication => ({
  scram: {
    password,
    salt: Buffer.from('salt'),
    iterations,
    nonce: 'servernonce',
    crypto: serverCrypto,
  },
});
const md5: ScriptedAuthentication = {
  md5: {password: PASSWORD, salt: Buffer.from([1, 2, 3, 4]), md5hex},
};

const ask =
  (request: Authentication): Write =>
  (w) =>
    writeAuthentication(w, request);
const ok = ask({kind: 'ok'});
const ready: Write = (w) => writeReadyForQuery(w, 'I');
const negotiate: Write = (w) =>
  writeNegotiateProtocolVersion(w, {
    newestVersion: PROTOCOL_3_0,
    unrecognizedOptions: ['_pq_.x'],
  });

for (const [name, authentication, policy] of [
  ['trust', 'trust', {}],
  ['MD5 inside TLS', md5, {confidential: true}],
  ['MD5 where it is allowed', md5, {allowMd5PasswordWithoutTls: true}],
  ['MD5 where even the password itself is', md5, {allowCleartextPasswordWithoutTls: true}],
  ['SCRAM', scram(PASSWORD), {}],
  ['a cleartext password inside TLS', {cleartext: PASSWORD}, {confidential: true}],
  [
    'a cleartext password where it is allowed',
    {cleartext: PASSWORD},
    {allowCleartextPasswordWithoutTls: true},
  ],
] as const) {
  test(`a session starts with ${name}`, async () => {
    const {handshake} = await connect(authentication, policy, {
      parameterStatus: {TimeZone: 'UTC'},
      processId: 42,
      secretKey: Buffer.from([9, 8, 7, 6]),
    });
    assert.equal(handshake.phase, 'ready');
    assert.deepEqual([...handshake.parameters], [['TimeZone', 'UTC']]);
    assert.deepEqual(handshake.backendKey, {processId: 42, secretKey: Buffer.from([9, 8, 7, 6])});
  });
}

test('an older server may negotiate the protocol down', async () => {
  const {handshake} = await connect('trust', {}, {newestVersion: PROTOCOL_3_0});
  assert.equal(handshake.phase, 'ready');
});

for (const [name, authentication] of [
  ['SCRAM', scram('another')],
  ['MD5', {md5: {password: 'another', salt: Buffer.from([1, 2, 3, 4]), md5hex}}],
] as const) {
  test(`a wrong password is refused by the server, with ${name}`, async () => {
    const {handshake} = await connect(authentication, {confidential: true});
    assert.equal(handshake.phase, 'refused');
    assert.equal(handshake.refusal?.code, '28P01');
  });
}

async function failsWith(code: string, connecting: Promise<unknown>): Promise<Error> {
  let failure: unknown;
  await connecting.catch((error: unknown) => {
    failure = error;
  });
  assert.ok(failure instanceof AuthenticationError || failure instanceof ProtocolError);
  assert.equal(failure.code, code);
  assert.ok(!failure.message.includes(PASSWORD));
  return failure;
}

test('a cleartext password is not sent without TLS', async () => {
  const client = new Client();
  client.writer.take();
  await failsWith('PG_AUTHENTICATION_REFUSED', client.hears(serverSays(ask({kind: 'cleartext'}))));
  assert.equal(client.writer.pendingBytes, 0);
});

test('without a password the error says where to put one', async () => {
  const error = await failsWith(
    'PG_PASSWORD_MISSING',
    connect(scram(PASSWORD), {password: undefined}),
  );
  assert.match(error.message, /db:5432 asks for a password and none is configured/);
});

test('more SCRAM iterations than allowed are not computed', async () => {
  await failsWith('PG_AUTHENTICATION_REFUSED', connect(scram(PASSWORD, 10_001)));
});

test('SASL mechanisms that are not spoken, and other methods, are named', async () => {
  const mechanisms = ['OAUTHBEARER', 'SCRAM-SHA-512'];
  const sasl = await failsWith(
    'PG_AUTHENTICATION_UNSUPPORTED',
    new Client().hears(serverSays(ask({kind: 'sasl', mechanisms}))),
  );
  assert.match(sasl.message, /OAUTHBEARER, SCRAM-SHA-512/);
  const client = new Client();
  assert.throws(
    () => client.handshake.receive(BackendTag.Authentication, Buffer.from([0, 0, 0, 7]), 0, 4),
    (error) =>
      error instanceof AuthenticationError && error.code === 'PG_AUTHENTICATION_UNSUPPORTED',
  );
});

test('a server that says ok in the middle of SCRAM has not proven itself', async () => {
  const client = new Client();
  await client.hears(serverSays(ask({kind: 'sasl', mechanisms: ['SCRAM-SHA-256']})));
  await failsWith('PG_SERVER_NOT_PROVEN', client.hears(serverSays(ok)));
});

test('a server that leaves out the last message of SCRAM has not proven itself', async () => {
  const backend = new ScriptedBackend({query: () => ({}), authentication: scram(PASSWORD)});
  const client = new Client();
  await client.hears(backend.receive(client.writer.take()));
  await client.hears(backend.receive(client.writer.take()));
  await failsWith('PG_SERVER_NOT_PROVEN', client.hears(serverSays(ok)));
});

test('a server with the wrong SCRAM signature has not proven itself', async () => {
  const backend = new ScriptedBackend({query: () => ({}), authentication: scram(PASSWORD)});
  const client = new Client();
  await client.hears(backend.receive(client.writer.take()));
  await client.hears(backend.receive(client.writer.take()));
  const data = Buffer.from(`v=${Buffer.alloc(32).toString('base64')}`);
  await failsWith(
    'PG_SERVER_NOT_PROVEN',
    client.hears(serverSays(ask({kind: 'saslFinal', data}), ok)),
  );
});

test('SCRAM messages out of turn are refused', async () => {
  for (const kind of ['saslContinue', 'saslFinal'] as const) {
    const data = Buffer.from('r=x,s=c2FsdA==,i=4096');
    const client = new Client();
    await failsWith(
      'PG_SERVER_NOT_PROVEN',
      (async () => client.hears(serverSays(ask({kind, data}))))(),
    );
  }
});

for (const [name, request] of [
  ['SCRAM', {kind: 'sasl', mechanisms: ['SCRAM-SHA-256']}],
  ['MD5', {kind: 'md5', salt: Buffer.from([1, 2, 3, 4])}],
  ['a cleartext password', {kind: 'cleartext'}],
] as const) {
  test(`a server that asks for ${name} and says ok before it has an answer is refused`, async () => {
    const client = new Client({confidential: true});
    await failsWith(
      'PG_PROTOCOL_VIOLATION',
      (async () => client.hearsAtOnce(ask(request), ok, ready))(),
    );
    assert.notEqual(client.handshake.phase, 'authenticated');
  });
}

test('nothing of authentication is accepted once it is over', async () => {
  for (const more of [ok, ask({kind: 'cleartext'}), ask({kind: 'md5', salt: Buffer.alloc(4)})]) {
    const client = new Client({confidential: true});
    await client.hears(serverSays(ok));
    await assert.rejects(
      (async () => client.hears(serverSays(more)))(),
      /Authentication is not legal while authenticated/,
    );
  }
});

for (const [name, write] of [
  ['ParameterStatus', (w) => writeParameterStatus(w, 'a', 'b')],
  ['BackendKeyData', (w) => writeBackendKeyData(w, 1, Buffer.alloc(4))],
  ['ReadyForQuery', ready],
] as const satisfies readonly [string, Write][]) {
  test(`${name} is not legal before authentication is over`, async () => {
    await assert.rejects(
      (async () => new Client().hears(serverSays(write)))(),
      new RegExp(`^ProtocolError: ${name} is not legal while authenticating`),
    );
  });
}

test('messages of a session that has started are not legal during startup', async () => {
  await assert.rejects(
    (async () =>
      new Client().hears(serverSays(ok, (w) => writeEmptyBody(w, BackendTag.ParseComplete))))(),
    /ParseComplete is not legal during startup/,
  );
});

test('a refusal may come at any time, notices before it are passed over', async () => {
  for (const before of [[], [ok]]) {
    const client = new Client();
    await client.hears(
      serverSays(
        ...before,
        (w) => writeNoticeResponse(w, {message: 'careful'}),
        (w) => writeErrorResponse(w, {severityNonLocalized: 'FATAL', code: '3D000', message: 'no'}),
      ),
    );
    assert.equal(client.handshake.phase, 'refused');
    assert.equal(client.handshake.refusal?.code, '3D000');
  }
});

test('a server that does not know a protocol option is not used', async () => {
  await assert.rejects((async () => new Client().hears(serverSays(negotiate)))(), /_pq_\.x/);
});

test('a server that reports ever new parameters is stopped', async () => {
  const client = new Client();
  const reports = Array.from(
    {length: 1001},
    (_, i): Write =>
      (w) =>
        writeParameterStatus(w, `p${i}`, 'x'),
  );
  await assert.rejects(
    (async () => client.hears(serverSays(ok, ...reports)))(),
    /more than 1000 different parameters/,
  );
});
