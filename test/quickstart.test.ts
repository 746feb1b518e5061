/** `npm run quickstart` in a clone that has node_modules: what a newcomer sees, and what is left behind. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect} from 'node:net';
import {join, resolve} from 'node:path';
import {test} from 'node:test';

const root = resolve(__dirname, '../..');
const INTERRUPTED = 130;

/** Runs the quick start, and interrupts it when its output first contains `interrupt`. */
async function quickstart(
  interrupt?: string,
): Promise<{code: number | null; output: string; port: number}> {
  const child = spawn(process.execPath, [join(root, 'tools/quickstart.mjs')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let output = '';
  let sent = false;
  const hear = (text: string) => {
    output += text;
    if (sent || interrupt === undefined || !output.includes(interrupt)) return;
    sent = true;
    child.kill('SIGINT');
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  await once(child, 'close');
  const port = Number(/postgres:\/\/postgres@127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
  return {code: child.exitCode, output, port};
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('the quick start runs the example on a server of its own, and stops the server', async () => {
  const {code, output, port} = await quickstart();
  assert.equal(code, 0, output);
  assert.match(output, /^committed\n {2}1 {4}60 {2}Ada$/m);
  assert.match(
    output,
    /^rolled back: .*accounts_balance_check.*\n {2}1 {4}60 {2}Ada\n {2}2 {3}140 {2}Grace$/m,
  );
  assert.match(output, /^read 250,000 of them/m);
  assert.equal(await isListening(port), false);
});

test('the quick start leaves nothing running when it is interrupted', async () => {
  const {code, output, port} = await quickstart('=== Running');
  assert.equal(code, INTERRUPTED, output);
  assert.match(output, /Stopped by SIGINT/);
  assert.equal(await isListening(port), false);
});
