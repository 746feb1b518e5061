import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readArguments} from './arguments';

test('hosts and options, in any order', () => {
  assert.deepEqual(readArguments(['watch', 'a:1', '--once', 'b', '--interval', '200']), {
    help: false,
    once: true,
    json: false,
    texts: ['a:1', 'b'],
    user: undefined,
    database: undefined,
    intervalMilliseconds: 200,
    maxLagMilliseconds: 1000,
  });
});

test('what is wrong is said without repeating what may be a secret', () => {
  for (const args of [
    [],
    ['look'],
    ['watch', '--postgres://user:secret@host'],
    ['watch', '--interval', '0'],
    ['watch', '--max-lag', 'secret'],
  ]) {
    const outcome = readArguments(args);
    assert.ok(typeof outcome === 'string', args.join(' '));
    assert.doesNotMatch(outcome, /secret/);
  }
});
