/** For tests: whether something is kept that nobody needs any more. */
import assert from 'node:assert/strict';
import {collectGarbage} from './memory/collect-garbage.test.support';

export async function assertCollected(reference: WeakRef<object>): Promise<void> {
  for (let turn = 0; turn < 20 && reference.deref() !== undefined; turn++) {
    // What a WeakRef was asked for lives until the end of the turn.
    await new Promise(setImmediate);
    collectGarbage();
  }
  assert.equal(reference.deref(), undefined);
}
