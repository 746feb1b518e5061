import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError} from '../../errors';
import {readState} from './state-of-session';

test('the answer is the process and the set of channels, whatever they are called', () => {
  const names = ['orders', 'with "quotes"', 'größe 😀', '__proto__'];
  assert.deepEqual(readState(['42', JSON.stringify(names)]), {
    processId: 42,
    channels: new Set(names),
  });
});

test('what is no answer to the question is an error, not an empty set', () => {
  for (const values of [
    [],
    ['42'],
    ['42', null],
    ['42', '{}'],
    ['42', '[1]'],
    ['42', 'nonsense'],
  ]) {
    assert.throws(() => readState(values), ProtocolError);
  }
});
