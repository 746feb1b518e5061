import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {isAlive} from './process-family';
import {parseWatchMessage} from './watchdog';

const PATIENCE_MILLISECONDS = 10_000;

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!condition()) {
    assert.ok(
      Date.now() < deadline,
      `not so within ${PATIENCE_MILLISECONDS} ms: ${condition.toString()}`,
    );
    await sleep(10);
  }
}

/** A caller in a process of its own, which starts a server, says where it is and runs `then`. */
async function startCaller(then: string) {
  const index = JSON.stringify(path.join(__dirname, 'index.js'));
  const program = `
    const {startServer} = require(${index});
    startServer().then((server) => {
      console.log(JSON.stringify([server.processId, server.dataDirectory]));
      ${then}
    });`;
  const caller = spawn(process.execPath, ['-e', program], {stdio: ['ignore', 'pipe', 'inherit']});
  const exit = once(caller, 'exit');
  const [line]: string[] = await once(createInterface({input: caller.stdout}), 'line');
  const answer: unknown = JSON.parse(line ?? '');
  assert.ok(Array.isArray(answer));
  const [processId, dataDirectory] = [Number(answer[0]), String(answer[1])];
  assert.equal(isAlive(processId), true);
  return {caller, exit, processId, dataDirectory};
}

const ENDINGS: [how: string, then: string, signal: NodeJS.Signals | undefined][] = [
  ['is killed with SIGKILL', 'setInterval(() => {}, 1000);', 'SIGKILL'],
  ['is interrupted with SIGINT', 'setInterval(() => {}, 1000);', 'SIGINT'],
  ['exits without stop()', 'process.exit(0);', undefined],
  ['runs out of work: the server does not keep it alive', '', undefined],
  [
    'is killed while the server is frozen',
    'server.pause(); setInterval(() => {}, 1000);',
    'SIGKILL',
  ],
];
for (const [how, then, signal] of ENDINGS) {
  test(`a server ends when its caller ${how}`, async () => {
    const {caller, exit, processId, dataDirectory} = await startCaller(then);
    if (signal) caller.kill(signal);
    await exit;
    await until(() => !isAlive(processId));
    await until(() => !existsSync(path.dirname(dataDirectory)));
  });
}

test('a line that is no message of ours is none', () => {
  for (const line of [
    '1',
    'null',
    '{}',
    '{"type":"watch","folder":"/x"}',
    '{"type":"forget","folder":1}',
  ]) {
    assert.equal(parseWatchMessage(line), undefined);
  }
});
