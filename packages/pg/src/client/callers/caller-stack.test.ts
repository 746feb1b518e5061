import assert from 'node:assert/strict';
import {test} from 'node:test';
import {failWithCallerStack} from './caller-stack';

test('an error from a callback gets the names of the functions that await it', async () => {
  const error = await new Promise<Error>((resolve) => {
    setImmediate(() => resolve(new Error('from the socket')));
  });
  function query(): Promise<never> {
    return new Promise((resolve) => {
      setImmediate(() => resolve(failWithCallerStack(error)));
    });
  }
  async function loadUser(): Promise<never> {
    return await query();
  }
  async function handleRequest(): Promise<never> {
    return await loadUser();
  }
  await assert.rejects(handleRequest(), error);
  assert.match(error.stack ?? '', /^Error: from the socket/);
  assert.match(error.stack ?? '', /loadUser[^]*handleRequest/);
});
