import assert from 'node:assert/strict';

/** The error a promise is rejected with; it is a failure of the test when it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & {code?: unknown}> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof Error);
    return error;
  }
  assert.fail('it should have been rejected');
}
