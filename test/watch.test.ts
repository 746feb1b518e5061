/* `databases-pg watch` in front of a program and of a server. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {IncomingMessage, RequestListener} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {eventually, whenRunning} from './support/activity';
import {useDatabase} from './support/database';
import {gate} from './support/gate';
import {refusedPort} from './support/ports';

const database = useDatabase();
const program = join(__dirname, '../../packages/pg/bin/databases-pg.js');

function start(...args: string[]) {
  // Of this machine's own settings none may count.
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && name !== 'DATABASE_URL',
  );
  const child = spawn(process.execPath, [program, 'watch', ...args], {
    env: Object.fromEntries(kept),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = {text: '', errors: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.text += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.errors += text));
  return {child, said, closed: once(child, 'close')};
}

async function watch(...args: string[]) {
  const {child, said, closed} = start(...args);
  await closed;
  return {exitCode: child.exitCode, ...said};
}

async function served(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    host: `127.0.0.1:${address.port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('of a program it shows what runs, what waits and what failed', async (context) => {
  const db = database.pool({poolName: 'shop'});
  const end = new AbortController();
  context.after(() => end.abort());
  await assert.rejects(db.query(sql`SELECT 1 / ${0}::int`));
  const running = db.query(sql`SELECT pg_sleep(${600})`, {signal: end.signal});
  await eventually('it runs', () => db.stats().busy === 1);
  const waiting = db.query(sql`SELECT 'later' AS later`);
  using site = await served(db.inspector());
  for (const path of ['', '/', '/stats.json']) {
    const {exitCode, text, errors} = await watch(`http://${site.host}${path}`, '--once');
    assert.equal(exitCode, 0, errors);
    assert.match(text, /^shop on 127\.0\.0\.1:\d+/);
    assert.match(text, /slow|alone/);
    assert.match(text, /SELECT pg_sleep\(\$1\)/);
    assert.match(text, /query +SELECT 'later' AS later/);
    assert.match(text, /22012 +DIVISION_BY_ZERO: SELECT 1/);
    assert.ok(!text.includes('\u001B'), 'no colours where the output is not a terminal');
  }
  const {text} = await watch('--json', '--once', `http://${site.host}`);
  assert.equal(JSON.parse(text).waiters[0].text, "SELECT 'later' AS later");
  end.abort();
  await assert.rejects(running, {name: 'AbortError'});
  await waiting;
});

function isMe({headers}: IncomingMessage): boolean {
  return headers.authorization === `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
}

test('a program that asks who is there is told by the url, which is not repeated', async () => {
  using site = await served(database.db.inspector({authorize: isMe}));
  const right = await watch(`http://me:hunter2@${site.host}`, '--once');
  assert.equal(right.exitCode, 0, right.errors);
  const wrong = await watch(`http://me:hunter3@${site.host}`, '--once');
  assert.equal(wrong.exitCode, 1);
  assert.match(wrong.errors, /answers 403: .*authorize/);
  assert.ok(!wrong.errors.includes('hunter3'));
});

test('what is no program with an inspector is told, and the exit code is 1', async () => {
  using other = await served((_, response) => response.end('{"lanes": 1}'));
  const outcomes = [
    [`http://127.0.0.1:${await refusedPort()}`, /nothing answers/],
    [`http://${other.host}`, /no db\.inspector\(\)/],
    ['http://hunter2@:', /cannot be read/],
    ['mysql://me:hunter2@localhost/db', /postgres:\/\//],
    [`postgres://me:hunter2@127.0.0.1:${await refusedPort()}/db`, /127\.0\.0\.1/],
  ] as const;
  for (const [url, message] of outcomes) {
    const {exitCode, text, errors} = await watch(url, '--once');
    assert.equal(exitCode, 1, url);
    assert.match(errors, message);
    assert.ok(!`${text}${errors}`.includes('hunter2'));
  }
});

test('of a server it shows who does what, and who waits behind whom', async () => {
  const db = database.pool({poolSize: 2});
  const observer = database.pool();
  await db.query(sql`CREATE TABLE seats (id int PRIMARY KEY); INSERT INTO seats VALUES (1)`);
  const [taken, released] = [gate(), gate()];
  let holder = 0;
  const holding = db.tx(async (tx) => {
    const [row] = await tx.query(sql`SELECT pg_backend_pid() AS pid FROM seats FOR UPDATE`);
    holder = row.pid;
    taken.open();
    await released.opened;
  });
  await taken.opened;
  const blocked = db.query(sql`UPDATE seats SET id = 2`);
  await whenRunning(observer, 'UPDATE seats');
  try {
    const {exitCode, text, errors} = await watch(database.url, '--once');
    assert.equal(exitCode, 0, errors);
    assert.match(text, /primary, \d+ of \d+ connections/);
    assert.match(text, /1 active, 1 idle in a transaction, .* 1 blocked/);
    assert.match(text, new RegExp(`active .*transactionid.* ${holder} +UPDATE seats`));
    assert.match(text, new RegExp(`${holder} .* idle in transaction .* FOR UPDATE`));
  } finally {
    released.open();
    await Promise.all([holding, blocked]);
  }
});

test('it goes on until it is ended, and then leaves with 0', async () => {
  const {child, said, closed} = start(database.url, '--json', '--interval', '10');
  await eventually('three pictures', () => said.text.split('\n').length > 3, 60_000);
  child.kill('SIGINT');
  await closed;
  assert.deepEqual([child.exitCode, child.signalCode, said.errors], [0, null, '']);
  for (const line of said.text.trim().split('\n'))
    assert.ok(Array.isArray(JSON.parse(line).sessions));
});
