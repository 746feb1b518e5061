/* A slice of `npm run matrix` that needs little from npm: the rest is for before a release. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {root, run} from './support/command';

test('works on the newest Node, with types stripped, over TLS, and where no code is made of strings', async () => {
  const cases = ['Node 24', 'no code from strings', 'tsx'];
  const {code, output} = await run(process.execPath, ['tools/matrix.mjs', ...cases], root);
  assert.equal(code, 0, output);
  assert.match(output, /10 of 10 fine/);
});
