import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {test} from 'node:test';
import {ExitHook} from './end-at-exit';

test('a process has one exit handler while sessions are open, and none otherwise', () => {
  const process = new EventEmitter();
  const hook = new ExitHook(process);
  const ended: string[] = [];
  const [a, b] = ['a', 'b'].map((name) => ({terminateNow: () => void ended.push(name)}));
  assert.ok(a !== undefined && b !== undefined);
  hook.add(a);
  hook.add(b);
  assert.equal(process.listenerCount('exit'), 1);
  hook.delete(a);
  process.emit('exit');
  assert.deepEqual(ended, ['b']);
  hook.delete(b);
  hook.delete(b);
  assert.equal(process.listenerCount('exit'), 0);
});
