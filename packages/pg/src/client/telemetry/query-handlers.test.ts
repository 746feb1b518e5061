import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '../../errors';
import {hasHandlers, notify} from './query-handlers';

test('there are handlers as soon as there is one', () => {
  assert.equal(hasHandlers({}), false);
  assert.equal(hasHandlers({onQueryError: undefined}), false);
  assert.equal(hasHandlers({onQueryStart: () => {}}), true);
  assert.equal(hasHandlers({onQueryResults: () => {}}), true);
  assert.equal(hasHandlers({onQueryError: () => {}}), true);
});

test('a handler is given what it is told', () => {
  const told: unknown[] = [];
  notify('onX', (...args: number[]) => void told.push(args), 1, 2);
  notify('onX', undefined);
  assert.deepEqual(told, [[1, 2]]);
});

test('a handler that throws, or returns anything such as a promise, fails what it was told of', () => {
  const thrown = new Error('of the program');
  assert.throws(
    () =>
      notify('onX', () => {
        throw thrown;
      }),
    thrown,
  );
  const returns: (() => void)[] = [() => Promise.resolve(), () => null];
  for (const handler of returns) {
    assert.throws(
      () => notify('onQueryStart', handler),
      (error) => error instanceof UsageError && /onQueryStart returned a value/.test(error.message),
    );
  }
});
