import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {makeCertificates} from './support/certificates';
import {runProgram} from './support/program';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';
import {openRelay} from './support/relay';

const certificates = makeCertificates();
const postgres = useServer({
  // What the server logs of a client that is gone without a word is at this level.
  settings: {log_min_messages: 'debug1', log_line_prefix: '%a:'},
  tls: certificates.selfSigned,
});
forbidUnhandledErrors();

const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

function urlOf(applicationName: string, sslmode = 'disable'): string {
  return urlWith(postgres.url, {parameters: {application_name: applicationName, sslmode}});
}

async function untilGone(admin: ConnectionPool, applicationName: string): Promise<void> {
  const sessions = () =>
    admin.query(sql`SELECT pid FROM pg_stat_activity WHERE application_name = ${applicationName}`);
  while ((await sessions()).length > 0);
}

async function logOf(applicationName: string): Promise<string> {
  const log = await readFile(postgres.server.logFile, 'utf8');
  return log
    .split('\n')
    .filter((line) => line.startsWith(`${applicationName}:`))
    .join('\n');
}

test('a process ends by itself after dispose()', async () => {
  const {code, lines, errors} = await runProgram(
    urlOf('disposed'),
    `const db = createConnectionPool(url);
     await Promise.all([1, 2, 3].map((i) => db.query(sql\`SELECT \${i}::int\`)));
     await db.dispose();
     say('disposed');`,
  ).ended;
  assert.deepEqual({code, lines, errors}, {code: 0, lines: ['disposed'], errors: ''});
});

test('a process ends by itself when its pool is idle, without dispose()', async () => {
  const {code, lines, errors} = await runProgram(
    urlOf('idle'),
    `const db = createConnectionPool(url);
     await Promise.all([1, 2, 3].map((i) => db.query(sql\`SELECT \${i}::int\`)));
     await db.tx((tx) => tx.query(sql\`SELECT 1\`));
     for await (const row of db.queryStream(sql\`SELECT 1\`));
     // idleTimeoutMilliseconds is 30 s, queueTimeoutMilliseconds 60 s.
     const since = performance.now();
     process.on('exit', () => say(performance.now() - since < 5000 ? 'soon' : 'late'));`,
  ).ended;
  assert.deepEqual({code, lines}, {code: 0, lines: ['soon']}, errors);
});

test('a process that only made a pool ends by itself', async () => {
  const {code} = await runProgram(urlOf('unused'), 'createConnectionPool(url);').ended;
  assert.equal(code, 0);
});

test('a process does not end while a query is under way', async () => {
  const {code, lines} = await runProgram(
    urlOf('busy'),
    `const db = createConnectionPool(url);
     await db.query(sql\`SELECT 1\`);
     db.query(sql\`SELECT pg_sleep(0.2)\`).then(() => say('query answered'));
     db.tx((tx) => tx.query(sql\`SELECT pg_sleep(0.2)\`)).then(() => say('transaction committed'));`,
  ).ended;
  assert.equal(code, 0);
  assert.deepEqual(lines.toSorted(), ['query answered', 'transaction committed']);
});

test('a SIGTERM handler that disposes lets what runs end, and then the process', async () => {
  const program = runProgram(
    urlOf('sigterm'),
    `const db = createConnectionPool(url);
     process.on('SIGTERM', async () => {
       await db.dispose();
       say('disposed');
     });
     await db.query(sql\`SELECT 1\`);
     db.query(sql\`SELECT pg_sleep(0.3)\`).then(() => say('answered'));
     say('ready');`,
  );
  await program.said('ready');
  program.kill('SIGTERM');
  const {code, lines} = await program.ended;
  assert.equal(code, 0);
  assert.deepEqual(lines, ['ready', 'answered', 'disposed']);
});

test('the sessions of a process that is killed end soon after', async () => {
  await using admin = createConnectionPool(postgres.url);
  const program = runProgram(
    urlOf('killed'),
    `const db = createConnectionPool(url);
     await db.query(sql\`SELECT 1\`);
     await db.tx(async (tx) => {
       await tx.query(sql\`SELECT 1\`);
       say('ready');
       await new Promise((resolve) => setTimeout(resolve, 600_000));
     });`,
  );
  await program.said('ready');
  program.kill('SIGKILL');
  assert.equal((await program.ended).signal, 'SIGKILL');
  await untilGone(admin, 'killed');
});

for (const [how, text] of [
  ['that just ends', ''],
  ['that calls process.exit()', 'process.exit(0);'],
  [
    'that throws',
    `process.on('uncaughtException', () => process.exit(0)); setImmediate(() => null.x);`,
  ],
] as const) {
  test(`a process ${how} without dispose() sends Terminate on its sessions`, async () => {
    await using tap = await openRelay(postgres.server);
    await using admin = createConnectionPool(postgres.url);
    const name = `ends ${how}`;
    const {code} = await runProgram(
      urlWith(urlOf(name), {port: tap.port}),
      `const db = createConnectionPool(url);
       await Promise.all([1, 2, 3].map((i) => db.tx((tx) => tx.query(sql\`SELECT pg_sleep(0.01)\`))));
       ${text}`,
    ).ended;
    assert.equal(code, 0);
    assert.equal(tap.sent.length, 3);
    for (const writes of tap.sent) assert.deepEqual(writes.at(-1), TERMINATE);
    await untilGone(admin, name);
    assert.doesNotMatch(await logOf(name), /unexpected EOF|reset by peer/);
  });
}

test('a process that just ends sends Terminate inside TLS, too', async () => {
  await using admin = createConnectionPool(postgres.url);
  const {code} = await runProgram(
    urlOf('ends in TLS', 'require'),
    `const db = createConnectionPool(url);
       await db.query(sql\`SELECT 1\`);`,
  ).ended;
  assert.equal(code, 0);
  await untilGone(admin, 'ends in TLS');
  assert.doesNotMatch(await logOf('ends in TLS'), /unexpected EOF|reset by peer/);
});

test('a query that was not yet sent when the process exits is never sent', async () => {
  await using tap = await openRelay(postgres.server);
  const {code} = await runProgram(
    urlWith(urlOf('too late'), {port: tap.port}),
    `const db = createConnectionPool(url);
     await db.query(sql\`SELECT 1\`);
     db.query(sql\`SELECT 'too late'\`).catch(() => {});
     process.exit(0);`,
  ).ended;
  assert.equal(code, 0);
  assert.doesNotMatch(Buffer.concat(tap.sent.flat()).toString('latin1'), /SELECT 'too late'/);
});
