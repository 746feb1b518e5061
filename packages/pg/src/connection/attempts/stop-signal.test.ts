import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Stop, abortSignalOf} from './stop-signal';

const once = {once: true} as const;

test('listeners are called once, in their order, and those that were taken off are not', () => {
  const stop = new Stop();
  const called: string[] = [];
  const off = () => called.push('off');
  stop.addEventListener('abort', () => called.push('a'));
  stop.addEventListener('abort', off);
  stop.addEventListener('abort', () => called.push('b'));
  stop.removeEventListener('abort', off);
  stop.removeEventListener('abort', off);
  assert.equal(stop.aborted, false);
  stop.abort(new Error('first'));
  stop.abort(new Error('second'));
  assert.deepEqual(called, ['a', 'b']);
  assert.equal(stop.aborted, true);
  assert.match(String(stop.reason), /first/);
});

test('a listener may take off one that is still to be called', () => {
  const stop = new Stop();
  const called: string[] = [];
  const later = () => called.push('later');
  stop.addEventListener('abort', () => stop.removeEventListener('abort', later));
  stop.addEventListener('abort', later);
  stop.abort(undefined);
  assert.deepEqual(called, []);
});

test('what comes after the end is never called, as with an AbortSignal', () => {
  const stop = new Stop();
  stop.abort('over');
  stop.addEventListener('abort', () => assert.fail('called'));
  stop.abort('again');
});

test('code of others gets an AbortSignal that is aborted with it, for the same reason', () => {
  for (const when of ['before', 'later'] as const) {
    const stop = new Stop();
    const reason = new Error('enough');
    if (when === 'before') stop.abort(reason);
    const signal = abortSignalOf(stop);
    let heard = when === 'before';
    signal.addEventListener('abort', () => (heard = true), once);
    if (when === 'later') stop.abort(reason);
    assert.ok(signal instanceof AbortSignal && signal.aborted && heard);
    assert.equal(signal.reason, reason);
  }
});

test('an AbortSignal is given on as it is', () => {
  const {signal} = new AbortController();
  assert.equal(abortSignalOf(signal), signal);
});
