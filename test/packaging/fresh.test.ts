/* From an empty folder to the first answer, by the steps of the README and nothing else. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {root, run} from './support/command';

test('the steps of the README lead from an empty folder to the first answer', async () => {
  // `npm run fresh` holds it to a minute; how long it takes here is for the machine to say, which has other work.
  const args = ['tools/fresh.mjs', '--limit-seconds', '600'];
  const {code, output} = await run(process.execPath, args, root);
  assert.equal(code, 0, output);
  assert.match(output, /hello: 'World'/);
});
