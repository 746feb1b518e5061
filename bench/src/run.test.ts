/** The whole bench once, as short as it can be, with ours alone: it must not rot between measurements. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';

test('every workload gets checked answers, a row in the table and an entry in the file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  t.after(() => rm(folder, {recursive: true}));
  const line = ['--peers', 'ours', '--rounds', '1', '--seconds', '0.1', '--results', folder];
  const {stdout} = await promisify(execFile)(process.execPath, [
    join(__dirname, 'run.js'),
    ...line,
  ]);
  for (const workload of ['point', 'sequential', 'rows', 'tx']) {
    assert.ok(stdout.includes(`**${workload}**`), workload);
  }
  assert.equal(stdout.match(/\| \*\*ours\*\* \|/g)?.length, 4);
  const [file] = await readdir(folder);
  assert.ok(file);
  const results: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
  assert.ok(typeof results === 'object' && results !== null && 'runs' in results);
  assert.ok(Array.isArray(results.runs));
  assert.equal(results.runs.length, 4);
});
