import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {isAlive} from '../process-family';
import {withSession} from '../simple-query';

const PROGRAM = path.join(__dirname, '../../bin/pg-test.js');
// A registry of its own, so that servers that run on this machine stay out of it.
const temporary = mkdtempSync(path.join(tmpdir(), 'pg-test-cli-'));
chmodSync(temporary, 0o755); // For root: the server's account must get in.
const environment: NodeJS.ProcessEnv = {...process.env, TMPDIR: temporary};
delete environment['DATABASE_URL'];

after(async () => {
  await pgTest('stop', '--all');
  rmSync(temporary, {recursive: true});
});

function launch(...args: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function pgTest(...args: string[]) {
  const child = launch(...args);
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [exitCode]: (number | null)[] = await once(child, 'close');
  return {exitCode, output, errors, lastLine: output.trimEnd().split('\n').at(-1) ?? ''};
}

function answers(connectionString: string): Promise<boolean> {
  const url = new URL(connectionString);
  return withSession({host: url.hostname, port: Number(url.port)}, (session) =>
    session.query('SELECT 1'),
  ).then(
    () => true,
    () => false,
  );
}

test('run gives the command a database and exits as the command does', async () => {
  const program = 'console.log(process.env.DATABASE_URL); process.exit(7)';
  const {exitCode, lastLine} = await pgTest('run', '--', process.execPath, '-e', program);
  assert.equal(exitCode, 7);
  assert.match(lastLine, /^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/);
  assert.equal(await answers(lastLine), false);
  assert.equal((await pgTest('list', '--json')).output.trim(), '[]');
});

test('run says 127 for a command that does not exist, 128 and more for one that a signal ended', async () => {
  assert.equal((await pgTest('run', '/nonexistent/command')).exitCode, 127);
  const ended = await pgTest('run', process.execPath, '-e', 'process.kill(process.pid, "SIGTERM")');
  assert.equal(ended.exitCode, 128 + 15);
});

test('a signal sent to run reaches the command, whose exit code counts', async () => {
  const program = `
    process.on('SIGTERM', () => process.exit(9));
    setInterval(() => {}, 1000);
    console.log(process.env.DATABASE_URL);`;
  const child = launch('run', '--', process.execPath, '-e', program);
  assert.ok(child.stdout);
  const [chunk]: Buffer[] = await once(child.stdout, 'data');
  const url = chunk?.toString().trim() ?? '';
  assert.equal(await answers(url), true);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [9, null]);
  assert.equal(await answers(url), false);
});

test('a server left by start is listed, given again, and gone after stop', async () => {
  const started = await pgTest('start', '--name', 'mine', '--replicas', '1');
  assert.equal(started.exitCode, 0, started.errors);
  assert.equal(await answers(started.lastLine), true);

  const [entry, ...others]: {name: string; replicas: string[]; connectionString: string}[] =
    JSON.parse((await pgTest('list', '--json')).output);
  assert.equal(others.length, 0);
  assert.equal(entry?.name, 'mine');
  assert.equal(entry.connectionString, started.lastLine);
  assert.equal(await answers(entry.replicas[0] ?? ''), true);

  assert.equal((await pgTest('start', '--name', 'mine')).lastLine, started.lastLine);
  const other = await pgTest('start', '--name', 'mine', '--version', '14');
  assert.equal(other.exitCode, 1);
  assert.match(other.errors, /runs already, with version 18/);

  assert.match(
    (await pgTest('stop', 'yours')).errors,
    /No server named "yours" runs. There are: mine/,
  );
  assert.equal((await pgTest('stop', 'mine')).exitCode, 0);
  assert.equal(await answers(started.lastLine), false);
  assert.equal(await answers(entry.replicas[0] ?? ''), false);
  assert.equal((await pgTest('list')).output, 'No server runs.\n');
});

test('what is left of a server that died is cleaned up by the next command', async () => {
  await pgTest('start', '--name', 'dead', '--storage', 'disk');
  const folder = readdirSync(temporary).find((name) => name.startsWith('pg-test-'));
  assert.ok(folder);
  const [entry]: {processId: number}[] = JSON.parse((await pgTest('list', '--json')).output);
  assert.ok(entry);
  process.kill(entry.processId, 'SIGKILL');
  while (isAlive(entry.processId)) await sleep(5);
  assert.equal((await pgTest('list', '--json')).output.trim(), '[]');
  assert.equal(existsSync(path.join(temporary, folder)), false);
});

test('a mistake exits with 2 and a hint, a wrong version with 1', async () => {
  const mistake = await pgTest('start', '--versoin', '16');
  assert.equal(mistake.exitCode, 2);
  assert.match(mistake.errors, /did you mean "--version"/);
  const version = await pgTest('start', '--version', '9');
  assert.equal(version.exitCode, 1);
  assert.match(version.errors, /^pg-test: There is no Postgres "9" to start/);
  assert.match((await pgTest('--help')).output, /pg-test run/);
});
