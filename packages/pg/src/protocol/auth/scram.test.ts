import assert from 'node:assert/strict';
import {test} from 'node:test';

import * as fc from 'fast-check';

import {AuthenticationError, PgError, ProtocolError} from '../../errors';
import {nodeCrypto} from '../testing/node-crypto';
import {ScramServer} from '../testing/scram-server';
import {ScramClient} from './scram';
import {deriveScramKeys} from './scram-keys';
import type {ScramClientOptions} from './scram';

// The example of RFC 7677 section 3.
const rfcNonce = 'rOprNGfwEbeRWgbNEkqO';
const rfcServerFirst =
  'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
const rfcServerFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

function createClient(options: Partial<ScramClientOptions> = {}): ScramClient {
  return new ScramClient({
    mechanism: 'SCRAM-SHA-256',
    user: 'user',
    password: 'pencil',
    nonce: rfcNonce,
    crypto: nodeCrypto,
    ...options,
  });
}

async function failureOf(step: () => unknown): Promise<unknown> {
  try {
    await step();
  } catch (error) {
    return error;
  }
  assert.fail('it should have failed');
}

async function proofFor(client: ScramClient, serverFirst = rfcServerFirst): Promise<string> {
  client.first();
  return (await client.continue(Buffer.from(serverFirst))).toString();
}

test('the exchange of RFC 7677', async () => {
  const client = createClient();
  assert.equal(client.first().toString(), 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  const final = await client.continue(Buffer.from(rfcServerFirst));
  assert.equal(
    final.toString(),
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
      'p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  );
  assert.equal(client.complete, false);
  client.finish(Buffer.from(rfcServerFinal));
  assert.equal(client.complete, true);
});

test('Postgres gets an empty user name, and one with commas is escaped', () => {
  const {user: _, ...withoutUser} = {user: '', password: 'x', nonce: 'abc', crypto: nodeCrypto};
  const client = new ScramClient({...withoutUser, mechanism: 'SCRAM-SHA-256'});
  assert.equal(client.first().toString(), 'n,,n=,r=abc');
  assert.equal(createClient({user: 'a=b,c', nonce: 'n'}).first().toString(), 'n,,n=a=3Db=2Cc,r=n');
});

test('the header says what is bound to the channel, and why nothing is', async () => {
  const client = createClient({channelBinding: 'not-offered-by-server'});
  assert.match(client.first().toString(), /^y,,n=/);
  const data = Buffer.from([1, 2, 3]);
  const bound = createClient({
    mechanism: 'SCRAM-SHA-256-PLUS',
    channelBinding: {type: 'tls-server-end-point', data},
  });
  const final = await proofFor(bound);
  const header = Buffer.from('p=tls-server-end-point,,');
  const expected = Buffer.concat([header, data]).toString('base64');
  assert.ok(final.startsWith(`c=${expected},r=`));
});

test('a mechanism and a channel binding that do not belong together are refused', () => {
  const data = Buffer.alloc(32);
  for (const options of [
    {mechanism: 'SCRAM-SHA-256-PLUS'},
    {mechanism: 'SCRAM-SHA-256', channelBinding: {type: 'tls-server-end-point', data}},
  ] as const) {
    assert.throws(() => createClient(options), {code: 'PG_AUTHENTICATION_UNSUPPORTED'});
  }
});

test('client and server agree on any password, and on no other one', async () => {
  const password = fc.string({unit: 'binary', minLength: 1, maxLength: 12});
  await fc.assert(
    fc.asyncProperty(password, fc.boolean(), async (given, isBound) => {
      const data = Buffer.from('certificate hash');
      const server = new ScramServer({
        password: given,
        salt: Buffer.from('salt'),
        iterations: 2,
        nonce: 'server',
        crypto: nodeCrypto,
        channelBindingData: data,
      });
      const binding = {
        mechanism: 'SCRAM-SHA-256-PLUS',
        channelBinding: {type: 'tls-server-end-point', data},
      } as const;
      const client = createClient({password: given, ...(isBound ? binding : {})});
      const proof = await client.continue(server.first(client.first()));
      const final = server.final(proof);
      assert.ok(final !== undefined);
      client.finish(final);
      assert.ok(client.complete);
      const stranger = createClient({password: `${given}!`});
      assert.equal(
        server.final(await stranger.continue(server.first(stranger.first()))),
        undefined,
      );
    }),
    {numRuns: 60},
  );
});

// The table of hostile inputs (reliability.md, C2), row 29, and what else a server-first can be.
for (const [what, serverFirst, code] of [
  ['i=0', `r=${rfcNonce}x,s=c2FsdA==,i=0`, 'PG_PROTOCOL_VIOLATION'],
  ['i=-1', `r=${rfcNonce}x,s=c2FsdA==,i=-1`, 'PG_PROTOCOL_VIOLATION'],
  ['i=1e3', `r=${rfcNonce}x,s=c2FsdA==,i=1e3`, 'PG_PROTOCOL_VIOLATION'],
  ['no i', `r=${rfcNonce}x,s=c2FsdA==`, 'PG_PROTOCOL_VIOLATION'],
  ['i=2^31', `r=${rfcNonce}x,s=c2FsdA==,i=2147483648`, 'PG_AUTHENTICATION_REFUSED'],
  ['i over the limit', `r=${rfcNonce}x,s=c2FsdA==,i=100001`, 'PG_AUTHENTICATION_REFUSED'],
  ['m=', `m=ext,r=${rfcNonce}x,s=c2FsdA==,i=1`, 'PG_AUTHENTICATION_UNSUPPORTED'],
  ['no salt', `r=${rfcNonce}x,i=4096`, 'PG_PROTOCOL_VIOLATION'],
  ['an empty salt', `r=${rfcNonce}x,s=,i=4096`, 'PG_PROTOCOL_VIOLATION'],
  ['bad Base64', `r=${rfcNonce}x,s=c2Fs*A==,i=4096`, 'PG_PROTOCOL_VIOLATION'],
  ['Base64 without padding', `r=${rfcNonce}x,s=c2FsdA,i=4096`, 'PG_PROTOCOL_VIOLATION'],
  ['Base64 with stray bits', `r=${rfcNonce}x,s=c2FsdB==,i=4096`, 'PG_PROTOCOL_VIOLATION'],
  ['a foreign nonce', 'r=someoneElse,s=c2FsdA==,i=4096', 'PG_SERVER_NOT_PROVEN'],
  ['only our nonce', `r=${rfcNonce},s=c2FsdA==,i=4096`, 'PG_SERVER_NOT_PROVEN'],
  ['an error', 'e=other-error', 'PG_SERVER_NOT_PROVEN'],
  ['nothing', '', 'PG_PROTOCOL_VIOLATION'],
] as const) {
  test(`29: a server-first message with ${what} is refused before any key is derived`, () => {
    const client = createClient({
      crypto: {
        ...nodeCrypto,
        pbkdf2: () => Promise.reject(new Error('derived a key')),
      },
    });
    client.first();
    assert.throws(() => client.continue(Buffer.from(serverFirst)), {code});
    assert.throws(() => client.finish(Buffer.from(rfcServerFinal)), {code: 'PG_SERVER_NOT_PROVEN'});
    assert.equal(client.complete, false);
  });
}

test('the limit of iterations is an option, and the error says so', async () => {
  const serverFirst = `r=${rfcNonce}x,s=c2FsdA==,i=5000`;
  await assert.rejects(proofFor(createClient({maxIterations: 4999}), serverFirst), {
    code: 'PG_AUTHENTICATION_REFUSED',
    message: /asks for 5000 iterations.*at most 4999.*maxIterations/,
  });
  assert.match(await proofFor(createClient({maxIterations: 5000}), serverFirst), /,p=/);
});

for (const [what, serverFinal, errorClass] of [
  ['a wrong signature', `v=${Buffer.alloc(32).toString('base64')}`, AuthenticationError],
  ['half of the right one', 'v=6rriTRBi23WpRR/wtup+mA==', AuthenticationError],
  [
    'more than the right one',
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4A',
    AuthenticationError,
  ],
  ['no signature', '', ProtocolError],
  ['a signature that is not Base64', 'v=6rr*', ProtocolError],
  ['an error', 'e=invalid-proof', AuthenticationError],
] as const) {
  test(`a server-final message with ${what} proves nothing`, async () => {
    const client = createClient();
    await proofFor(client);
    assert.throws(() => client.finish(Buffer.from(serverFinal)), errorClass);
    assert.equal(client.complete, false);
    assert.throws(() => client.finish(Buffer.from(rfcServerFinal)), AuthenticationError);
    assert.equal(client.complete, false);
  });
}

test('what the server says in an error is shown, without control characters', () => {
  const client = createClient();
  client.first();
  assert.throws(
    () => client.continue(Buffer.from('e=un\u001b[31mknown-user')),
    /"un\?\[31mknown-user"/,
  );
});

test('no step can be skipped or repeated', async () => {
  const notProven = {code: 'PG_SERVER_NOT_PROVEN'};
  assert.throws(() => createClient().finish(Buffer.from(rfcServerFinal)), notProven);
  assert.throws(() => createClient().continue(Buffer.from(rfcServerFirst)), notProven);
  const early = createClient();
  early.first();
  assert.throws(() => early.finish(Buffer.from(rfcServerFinal)), notProven);
  const twice = createClient();
  await proofFor(twice);
  assert.throws(() => twice.continue(Buffer.from(rfcServerFirst)), notProven);
  assert.equal(twice.complete, false);
});

test('keys that are known are answered with at once, and the proof is the same', async () => {
  const keys = await deriveScramKeys(
    nodeCrypto,
    'pencil',
    Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
    4096,
  );
  const client = createClient({crypto: {...nodeCrypto, deriveKeys: () => keys}});
  client.first();
  const proof = client.continue(Buffer.from(rfcServerFirst));
  assert.ok(Buffer.isBuffer(proof));
  assert.equal(proof.toString(), await proofFor(createClient()));
  client.finish(Buffer.from(rfcServerFinal));
  assert.equal(client.complete, true);
});

test('a final message while the key is derived is early, and the proof is not completed by it', async () => {
  const client = createClient();
  client.first();
  const proof = client.continue(Buffer.from(rfcServerFirst));
  assert.throws(() => client.finish(Buffer.from(rfcServerFinal)), {code: 'PG_SERVER_NOT_PROVEN'});
  await assert.rejects(async () => proof, {code: 'PG_SERVER_NOT_PROVEN'});
  assert.equal(client.complete, false);
});

test('no error and no inspection of the client shows the password', async () => {
  const client = createClient({password: 'correct horse'});
  client.first();
  const error = await failureOf(() => client.continue(Buffer.from('r=foreign,s=c2FsdA==,i=1')));
  assert.ok(error instanceof PgError);
  const {inspect} = await import('node:util');
  assert.ok(!inspect([client, error], {depth: 9, showHidden: true}).includes('correct horse'));
});
