/** Fails the test file when a promise was rejected with nobody there to hear it, or an error was thrown into the void. */
import assert from 'node:assert/strict';
import {after} from 'node:test';

export function forbidUnhandledErrors(): void {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  process.on('uncaughtException', hear);
  after(async () => {
    // Rejections are reported behind the microtasks of the turn in which they happen.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    process.off('uncaughtException', hear);
    assert.deepEqual(unheard, []);
  });
}
