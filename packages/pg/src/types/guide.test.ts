import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {test} from 'node:test';

test('the table of docs/guide/types.md is what the codecs do', () => {
  const root = join(__dirname, '../../../..');
  const run = spawnSync(process.execPath, ['tools/generate-type-guide.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr);
});
