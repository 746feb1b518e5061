/** `npx @databases/pg-cluster watch` as a process, beside a primary and two standbys of which one dies. */
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import type {ChildProcessByStdio} from 'node:child_process';
import {once} from 'node:events';
import {join, resolve} from 'node:path';
import type {Readable} from 'node:stream';
import {createInterface} from 'node:readline';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {renderNodes} from '@databases/pg-cluster';
import type {Server} from '@databases/pg-test';
import {poolOf, until, useReplicated} from '../support/replicated';
import {forbidUnhandledErrors} from '../support/unhandled';

const COMMAND = join(resolve(__dirname, '../../..'), 'packages/pg-cluster/bin/pg-cluster.js');
const replicated = useReplicated(2);
forbidUnhandledErrors();

interface ShownNode {
  readonly name: string;
  readonly role: string;
  readonly phase: string;
  readonly reason: string | null;
  readonly clients: number | null;
  readonly activeClients: number | null;
  readonly lagBytes: number | null;
}

interface Shown {
  readonly writesGoTo: string | null;
  readonly readsGoTo: readonly string[];
  readonly nodes: readonly ShownNode[];
  readonly standbys: readonly {readonly state: string}[];
  readonly events: readonly {readonly text: string}[];
}

function isShown(value: unknown): value is Shown {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'standbys' in value;
}

function nameOf({port}: Server): string {
  return `127.0.0.1:${port}`;
}

function hosts(): string[] {
  const {primary, replicas} = replicated.servers;
  return [primary.connectionString, ...replicas.map((replica) => replica.connectionString)];
}

interface Watching extends AsyncDisposable {
  /** The latest picture. */
  readonly shown: Shown | undefined;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
}

function watch(...flags: string[]): Watching {
  const child = spawn(process.execPath, [COMMAND, 'watch', ...hosts(), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let shown: Shown | undefined;
  createInterface(child.stdout).on('line', (line) => {
    const read: unknown = JSON.parse(line);
    assert.ok(isShown(read), line);
    shown = read;
  });
  return {
    get shown() {
      return shown;
    },
    child,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function connectionsOfTheCommand(server: Server): Promise<number> {
  await using pool = poolOf(server, {poolSize: 1});
  const [row] = await pool.query(
    sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'pg-cluster watch'`,
  );
  return Number(row.count);
}

test('a replica that is killed is shown as out, with the reason, and as serving when it is back', async () => {
  const {primary} = replicated.servers;
  const dying = replicated.replica(0);
  const [one, two] = [nameOf(dying), nameOf(replicated.replica(1))];
  await using watching = watch('--json', '--interval', '100');
  const stateOf = (name: string) => watching.shown?.nodes.find((node) => node.name === name);
  await until(() => watching.shown?.readsGoTo.length === 2);
  assert.equal(watching.shown?.writesGoTo, nameOf(primary));

  await dying.kill();
  await until(() => stateOf(one)?.phase === 'ejected');
  await until(() => watching.shown?.standbys.length === 1);
  assert.deepEqual(watching.shown?.readsGoTo, [two]);
  assert.ok(stateOf(one)?.reason);
  assert.equal(stateOf(one)?.clients, null);
  assert.ok(watching.shown.events.some(({text}) => text.startsWith(`${one} is out: `)));

  await dying.restart('crash');
  await until(() => watching.shown?.readsGoTo.includes(one) === true);
  await until(() => watching.shown?.events.at(-1)?.text === `${one} serves again`);
  await until(() => watching.shown?.standbys.length === 2);

  watching.child.kill('SIGINT');
  await once(watching.child, 'close');
  assert.equal(watching.child.exitCode, 0);
  for (const server of [primary, ...replicated.servers.replicas]) {
    await until(async () => (await connectionsOfTheCommand(server)) === 0);
  }
});

test('it counts the clients of others, not itself', async () => {
  await using pool = poolOf(replicated.servers.primary, {poolSize: 2});
  await using watching = watch('--json', '--interval', '100');
  const primary = () => watching.shown?.nodes.find(({role}) => role === 'primary');
  await until(() => primary()?.clients === 0);
  const cancel = new AbortController();
  const sleeping = pool.query(sql`SELECT pg_sleep(60)`, {signal: cancel.signal}).catch(() => 'cut');
  await until(() => primary()?.clients === 1 && primary()?.activeClients === 1);
  cancel.abort();
  assert.equal(await sleeping, 'cut');
  await until(() => primary()?.activeClients === 0);
});

test('a frozen replica holds nothing up: the others are shown, and the command ends at once', async () => {
  const frozen = replicated.replica(0);
  await using watching = watch('--json', '--interval', '100');
  await until(() => watching.shown?.readsGoTo.length === 2);
  frozen.pause();
  try {
    await until(() => watching.shown?.readsGoTo.length === 1);
    assert.deepEqual(watching.shown?.readsGoTo, [nameOf(replicated.replica(1))]);
    const closed = once(watching.child, 'close');
    watching.child.kill('SIGTERM');
    await closed;
    assert.equal(watching.child.exitCode, 0);
  } finally {
    frozen.resume();
  }
});

function run(args: readonly string[]) {
  return spawnSync(process.execPath, [COMMAND, 'watch', ...args, '--once'], {encoding: 'utf8'});
}

test('--once prints a table, and ends with 1 where there is no primary', () => {
  const whole = run(hosts());
  assert.equal(whole.status, 0, whole.stderr);
  assert.match(whole.stdout, /^NODE .* GETS\n127\.0\.0\.1:\d+ +primary +serving .* writes\n/);
  assert.ok(!whole.stdout.includes('\u001B'));
  const replica = run([replicated.replica(1).connectionString]);
  assert.equal(replica.status, 1);
  assert.match(replica.stdout, /Writes wait: /);
  const wrong = run(['postgres://user:secret@host:port/']);
  assert.equal(wrong.status, 2);
  assert.doesNotMatch(wrong.stderr, /secret/);
});

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

test('on a terminal, q ends it and gives the terminal back', {skip: !hasScript}, async () => {
  const line = [process.execPath, COMMAND, 'watch', ...hosts(), '--interval', '100'];
  const quoted = line.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', quoted, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {...process.env, TERM: 'xterm'},
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close');
  try {
    await until(() => output.includes('Ctrl-C or q ends it.'));
    child.stdin.write('q');
    await closed;
  } finally {
    // Its terminal goes with it, and so does what runs there.
    child.kill('SIGKILL');
  }
  assert.equal(child.exitCode, 0);
  assert.ok(output.startsWith('\u001B[?1049h'));
  const [, after = ''] = output.split('\u001B[?1049l');
  assert.match(after, /Writes go to 127\.0\.0\.1/);
});

test('renderNodes shows the cluster of a program', async () => {
  await using db = replicated.cluster();
  await db.query(sql`SELECT 1`);
  await until(() => db.nodes().every(({phase}) => phase === 'serving'));
  const text = renderNodes(db.nodes());
  assert.match(text, /^primary +primary +serving .* writes$/m);
  assert.match(text, /^replica 1 +replica +serving .* reads$/m);
  assert.match(text, /^Writes go to primary; reads go to replica 1, replica 2\.$/m);
  assert.deepEqual(
    db.nodes().map(({lagBytes}) => lagBytes),
    [0, 0, 0],
  );
});
