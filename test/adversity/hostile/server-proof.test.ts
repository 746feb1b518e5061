/**
 * Promises 11, 12 and 13, and the hostile inputs 23, 24 and 29: what a server that is none, or is not the right
 * one, gets out of a client before it has proven itself. It is nothing that was made from the password where that
 * could be avoided, and never a query.
 */
import assert from 'node:assert/strict';
import {pbkdf2} from 'node:crypto';
import {test} from 'node:test';
import {promisify} from 'node:util';
import createConnectionPool, {
  AuthenticationError,
  PgError,
  ProtocolError,
  sql,
} from '@databases/pg';
import {steadyLongestTurn} from '../../support/event-loop-lag';
import {frame, int32} from '../../support/frames';
import {listen} from '../../support/ports';
import {forbidUnhandledErrors} from '../../support/unhandled';
import {honest, ready} from './frames';
import {assertNoSecret, within} from './hostile-server';
import {startRawServer} from './raw-server';

forbidUnhandledErrors();

const PASSWORD = 'hunter2-hunter3';
const SALT = Buffer.from('a salt of 16 byt').toString('base64');
const CAP = 100_000;

const authentication = (code: number, data = '') => frame('R', int32(code), data);
const letIn = Buffer.concat([authentication(0), ready]);
const askScram = authentication(10, 'SCRAM-SHA-256\0\0');
const askPassword = authentication(3);
const askMd5 = authentication(5, 'salt');
const wrongSignature = authentication(12, `v=${Buffer.alloc(32).toString('base64')}`);
const forged = honest('forged');

const nonceOf = (sent: Buffer) => /r=([^,]+)/.exec(sent.toString('latin1'))?.[1] ?? '';
/** The server-first message, with a nonce that continues the client's. */
const serverFirst = (sent: Buffer, rest = `,s=${SALT},i=4096`) =>
  authentication(11, `r=${nonceOf(sent)}more${rest}`);

/** What the server says to the startup message, and to the first, second... password message. */
interface Play {
  readonly startup: Buffer;
  readonly answers?: readonly ((sent: Buffer) => Buffer)[];
}

interface Result {
  readonly error: PgError;
  readonly passwordMessages: number;
  readonly milliseconds: number;
}

/** The client must refuse, must not send a query or the password, and must not show it. */
async function refusalOf({startup, answers = []}: Play, parameters = ''): Promise<Result> {
  await using server = await startRawServer(({kind}, before, sent) => {
    if (kind === 'SSLRequest') return Buffer.from('N');
    if (kind === 'StartupMessage') return startup;
    if (kind === 'PasswordMessage') return answers[before]?.(sent) ?? Buffer.alloc(0);
    return forged;
  });
  await using db = createConnectionPool({
    connectionString: `postgres://me@127.0.0.1:${server.port}/db?${parameters}`,
    password: PASSWORD,
    poolSize: 1,
  });
  const startedAt = performance.now();
  const error = await within(
    db.query(sql`SELECT 'secret'`).then(
      (rows) => assert.fail(`it got ${JSON.stringify(rows)}`),
      (thrown: unknown) => thrown,
    ),
  );
  const milliseconds = performance.now() - startedAt;
  assert.ok(error instanceof PgError, String(error));
  assertNoSecret(error);
  assert.ok(!server.sent.includes(PASSWORD));
  assert.ok(!server.sent.includes('secret'));
  const kinds = server.messages.map(({kind}) => kind);
  assert.ok(!kinds.includes('Parse') && !kinds.includes('Query'), kinds.join(' '));
  const passwordMessages = kinds.filter((kind) => kind === 'PasswordMessage').length;
  return {error, passwordMessages, milliseconds};
}

const first = (sent: Buffer) => serverFirst(sent);
const together = (...answers: readonly Buffer[]) => Buffer.concat([...answers, letIn, forged]);

/** The third is how many messages the client may have sent by then: its nonce, and its proof. */
const impostors: readonly [string, Play, number][] = [
  ['lets it in where SCRAM was begun', {startup: Buffer.concat([askScram, letIn, forged])}, 0],
  ['lets it in after its nonce', {startup: askScram, answers: [() => letIn]}, 1],
  ['takes the proof and gives none', {startup: askScram, answers: [first, () => together()]}, 2],
  [
    'proves itself wrongly',
    {startup: askScram, answers: [first, () => together(wrongSignature)]},
    2,
  ],
  [
    'gives an empty proof',
    {startup: askScram, answers: [first, () => together(authentication(12, 'v='))]},
    2,
  ],
  [
    'gives its proof before it was asked',
    {startup: askScram, answers: [() => together(wrongSignature)]},
    1,
  ],
  [
    'repeats its proof in place of a salt',
    {startup: askScram, answers: [() => Buffer.concat([wrongSignature, wrongSignature])]},
    1,
  ],
  ['continues what was never begun', {startup: authentication(11, `r=abc,s=${SALT},i=4096`)}, 0],
  [
    'has a nonce of its own',
    {startup: askScram, answers: [() => authentication(11, `r=own,s=${SALT},i=4096`)]},
    1,
  ],
  [
    'adds nothing to the nonce',
    {
      startup: askScram,
      answers: [(sent) => authentication(11, `r=${nonceOf(sent)},s=${SALT},i=4096`)],
    },
    1,
  ],
  [
    'asks for the password in the middle of SCRAM',
    {startup: askScram, answers: [() => askPassword]},
    1,
  ],
  [
    'asks for the password once the proof was given',
    {startup: askScram, answers: [first, () => askPassword]},
    2,
  ],
  [
    'asks for the password after it let it in',
    {startup: Buffer.concat([authentication(0), askPassword])},
    0,
  ],
  ['asks for MD5 in the middle of SCRAM', {startup: askScram, answers: [() => askMd5]}, 1],
  ['begins SCRAM again', {startup: askScram, answers: [() => askScram]}, 1],
  ['sends a session before authentication', {startup: Buffer.concat([ready, forged])}, 0],
];

for (const [what, play, passwordMessages] of impostors) {
  test(`11. server must prove itself: one that ${what} gets no query`, async () => {
    const result = await refusalOf(play);
    assert.equal(result.passwordMessages, passwordMessages);
  });
}

for (const [method, startup] of [
  ['the password in cleartext', askPassword],
  ['nothing', letIn],
  ['MD5', askMd5],
] as const) {
  test(`12. require_auth=scram-sha-256, server asks for ${method}: 0 bytes of a password`, async () => {
    const {error, passwordMessages} = await refusalOf({startup}, 'require_auth=scram-sha-256');
    assert.ok(error instanceof AuthenticationError);
    assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
    assert.equal(passwordMessages, 0);
  });
}

for (const [method, startup] of [
  ['the password in cleartext', askPassword],
  ['MD5', askMd5],
] as const) {
  test(`12. a server without TLS that asks for ${method}: 0 bytes of a password by default`, async () => {
    const {error, passwordMessages} = await refusalOf({startup});
    assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
    assert.equal(passwordMessages, 0);
  });
}

for (const iterations of [CAP + 1, 10_000_000, 2 ** 31 - 1]) {
  test(`13. SCRAM cost cap: ${iterations} iterations are refused at once, with no proof`, async (context) => {
    const {error, passwordMessages, milliseconds} = await refusalOf({
      startup: askScram,
      answers: [(sent) => serverFirst(sent, `,s=${SALT},i=${iterations}`)],
    });
    assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
    assert.match(error.message, new RegExp(`${iterations} iterations.*at most ${CAP}`));
    assert.equal(passwordMessages, 1);
    context.diagnostic(`connected and refused in ${milliseconds.toFixed(1)} ms`);
    assert.ok(milliseconds < 1050);
  });
}

const STALL_GOAL_MILLISECONDS = 20;
const deriveKey = promisify(pbkdf2);
/** One of its own for each login: keys are remembered. */
const salt = (index: number) => Buffer.from(`at the cap, ${index}`);
const derivation = (index: number) => deriveKey(PASSWORD, salt(index), CAP, 32, 'sha256');

async function loginAtCap(index: number): Promise<void> {
  const {passwordMessages} = await refusalOf({
    startup: askScram,
    answers: [
      (sent) => serverFirst(sent, `,s=${salt(index).toString('base64')},i=${CAP}`),
      () => together(wrongSignature),
    ],
  });
  assert.equal(passwordMessages, 2);
}

test(`13. SCRAM cost cap: at the cap a login stops the event loop for at most ${STALL_GOAL_MILLISECONDS} ms`, async (context) => {
  await loginAtCap(-1);
  const control = await steadyLongestTurn(5, derivation);
  const most = control + STALL_GOAL_MILLISECONDS;
  const stall = await steadyLongestTurn(50, loginAtCap, most);
  context.diagnostic(
    `longest turn ${stall.toFixed(1)} ms, ${control.toFixed(1)} ms where a key is derived and nothing else done`,
  );
  assert.ok(stall <= most, `${stall} ms beside ${control} ms`);
});

for (const [what, rest] of [
  ['i=0', `,s=${SALT},i=0`],
  ['i=2147483648', `,s=${SALT},i=2147483648`],
  ['i=-1', `,s=${SALT},i=-1`],
  ['no i', `,s=${SALT}`],
  ['an extension that must be understood', `,m=x,s=${SALT},i=4096`],
  ['no s', ',i=4096'],
  ['an s that is not Base64', ',s=%%%%,i=4096'],
  ['an s that is half of Base64', ',s=abc,i=4096'],
] as const) {
  test(`C2.29 a SCRAM message with ${what} gets no proof`, async () => {
    const {error, passwordMessages} = await refusalOf({
      startup: askScram,
      answers: [(sent) => serverFirst(sent, rest)],
    });
    assert.ok(error instanceof AuthenticationError || error instanceof ProtocolError);
    assert.equal(passwordMessages, 1);
  });
}

/** A server whose answer to SSLRequest is this; gives what the client sent behind the request, and its error. */
async function answerToSslRequest(answer: Buffer): Promise<{error: PgError; sent: Buffer}> {
  const chunks: Buffer[] = [];
  await using server = await listen((socket) => {
    socket.once('data', () => {
      socket.on('data', (bytes: Buffer) => chunks.push(bytes));
      socket.write(answer);
    });
  });
  await using db = createConnectionPool({
    connectionString: `postgres://me@127.0.0.1:${server.port}/db?sslmode=require`,
    password: PASSWORD,
  });
  const thrown: unknown = await within(db.query(sql`SELECT 1`).catch((error: unknown) => error));
  assert.ok(thrown instanceof PgError, String(thrown));
  assertNoSecret(thrown);
  return {error: thrown, sent: Buffer.concat(chunks)};
}

test('C2.23 bytes behind the S are refused, and nothing more is sent', async () => {
  const {error, sent} = await answerToSslRequest(Buffer.concat([Buffer.from('S'), letIn]));
  assert.match(error.message, /bytes before TLS was set up/);
  assert.equal(sent.length, 0);
});

test('C2.24 the text of an error before TLS is not shown', async () => {
  const message = frame('E', 'SFATAL\0C28000\0Mcall this number\0\0');
  const {error, sent} = await answerToSslRequest(message);
  assert.doesNotMatch(error.message, /call this number/);
  assert.equal(sent.length, 0);
});
