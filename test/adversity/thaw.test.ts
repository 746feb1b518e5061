/** Promise 6 in a process that was frozen, as functions are between two requests: the first query after it works. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import {eventually} from '../support/activity';
import {runProgram} from '../support/program';
import {useServer} from '../support/server';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';

/** Longer than what is idle is trusted for, and than the idle timeout of the tests that want it to have passed. */
const FROZEN_MILLISECONDS = 1500;
/** A second for a connection that does not answer, half of one for it to close, and what a busy machine takes. */
const BOUND_MILLISECONDS = 5000;

const postgres = useServer();
const folder = mkdtempSync(join(tmpdir(), 'thaw-'));
after(() => rmSync(folder, {recursive: true, force: true}));
let programs = 0;

interface Thawed {
  /** What the first request after the thaw was answered with. */
  readonly answer: string;
  readonly tookMilliseconds: number;
}

/**
 * A function with a pool: its request runs `body`. It is asked once, frozen, and asked again at the thaw; that request
 * is waiting at its door before it goes on, so that its timers, long due, come first.
 */
async function freeze(
  proxy: ChaosProxy,
  {options, body, meanwhile}: {options: string; body?: string; meanwhile: () => unknown},
): Promise<Thawed> {
  const socketPath = join(folder, `${++programs}.sock`);
  const url = `${proxy.through(postgres.url)}?sslmode=disable`;
  const program = runProgram(
    url,
    `const db = createConnectionPool({connectionString: url, onError() {}, ${options}});
    const handle = async () => { ${body ?? 'return db.query(sql`SELECT 1 AS one`);'} };
    const server = require('node:http').createServer((request, response) => {
      handle().then((rows) => response.end(JSON.stringify(rows)), (error) => response.end(error.stack));
    });
    server.listen(${JSON.stringify(socketPath)}, () => say('listening'));
    process.once('SIGTERM', () => db.dispose().then(() => process.exit()));`,
  );
  try {
    await program.said('listening');
    assert.equal(await ask(socketPath), '[{"one":1}]');
    program.kill('SIGSTOP');
    await meanwhile();
    await delay(FROZEN_MILLISECONDS);
    const answer = ask(socketPath);
    const start = performance.now();
    program.kill('SIGCONT');
    return {answer: await answer, tookMilliseconds: performance.now() - start};
  } finally {
    program.kill('SIGCONT');
    program.kill('SIGKILL');
    await program.ended;
  }
}

async function ask(socketPath: string): Promise<string> {
  const asked = request({socketPath, agent: false});
  asked.end();
  let text = '';
  const [response] = await once(asked, 'response');
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

function assertServed({answer, tookMilliseconds}: Thawed, note: (text: string) => void): void {
  note(`answered after ${Math.round(tookMilliseconds)} ms`);
  assert.equal(answer, '[{"one":1}]');
  assert.ok(tookMilliseconds < BOUND_MILLISECONDS, `${tookMilliseconds} ms`);
}

const LOSSES: Readonly<Record<string, (proxy: ChaosProxy) => unknown>> = {
  'were swallowed': (proxy) => proxy.blackhole(),
  'were reset': (proxy) => proxy.reset(),
  'were closed': (proxy) => proxy.close(),
  'were ended by the server': () => endSessions(),
};

async function endSessions(): Promise<void> {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
}

const POOLS: Readonly<Record<string, string>> = {
  'of one': 'poolSize: 1',
  'of three that closes what is idle': 'poolSize: 3, idleTimeoutMilliseconds: 1000',
  'of one that closes what is idle': 'poolSize: 1, idleTimeoutMilliseconds: 1000',
};

for (const [loss, lose] of Object.entries(LOSSES)) {
  for (const [kind, options] of Object.entries(POOLS)) {
    test(`6. thaw: the connections ${loss}, a pool ${kind}`, async (context) => {
      await using proxy = await openChaosProxy(postgres.server);
      const thawed = await freeze(proxy, {options, meanwhile: () => lose(proxy)});
      assertServed(thawed, (text) => context.diagnostic(text));
      assert.equal(proxy.attempts, 2);
    });
  }
}

test('6. thaw: nothing was lost, and the connection serves on', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  const thawed = await freeze(proxy, {options: 'poolSize: 3', meanwhile: () => undefined});
  assertServed(thawed, (text) => context.diagnostic(text));
  assert.equal(proxy.attempts, 1);
});

test('6. thaw: a transaction is as good as a query', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  const thawed = await freeze(proxy, {
    options: 'poolSize: 2',
    body: 'return db.tx((tx) => tx.query(sql`SELECT 1 AS one`));',
    meanwhile: () => proxy.blackhole(),
  });
  assertServed(thawed, (text) => context.diagnostic(text));
});

test('6. thaw: a connection that was being opened is opened, although its time is over', async () => {
  await using proxy = await openChaosProxy(postgres.server);
  proxy.faults = {latencyMilliseconds: 100};
  const program = runProgram(
    `${proxy.through(postgres.url)}?sslmode=disable`,
    `const db = createConnectionPool({connectionString: url, connectionTimeoutMilliseconds: 700});
    const asked = db.query(sql\`SELECT 1 AS one\`);
    asked.then(([{one}]) => say('one: ' + one), (error) => say(error.code));
    await asked.catch(() => undefined);
    await db.dispose();`,
  );
  await eventually('it connects', () => proxy.attempts === 1);
  program.kill('SIGSTOP');
  await delay(FROZEN_MILLISECONDS + 700);
  program.kill('SIGCONT');
  const {lines, errors} = await program.ended;
  assert.deepEqual(lines, ['one: 1'], errors);
  assert.equal(proxy.attempts, 1);
});
