/** The whole bench once, as short as it can be, with ours alone: it must not rot between measurements. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {runsOn} from './open-workload';
import {parseResults} from './result';
import {workloadNames, workloads} from './workloads';

test('every workload gets checked answers, a row in the table and an entry in the file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  t.after(() => rm(folder, {recursive: true}));
  const line = ['--peers', 'ours', '--rounds', '1', '--seconds', '0.1', '--results', folder];
  const {stdout} = await promisify(execFile)(process.execPath, [
    join(__dirname, 'run.js'),
    ...line,
  ]);
  const expected = workloadNames.filter((workload) =>
    runsOn(workload, workloads[workload], 'ours'),
  );
  for (const workload of expected) assert.ok(stdout.includes(`**${workload}**`), workload);
  assert.equal(stdout.match(/\| \*\*ours\*\* \|/g)?.length, expected.length);
  const [file] = await readdir(folder);
  assert.ok(file);
  const {runs} = parseResults(await readFile(join(folder, file), 'utf8'));
  assert.deepEqual(
    runs.map(({workload}) => workload),
    expected,
  );
  assert.ok(runs.every(({garbageCollectionShare}) => garbageCollectionShare !== undefined));
});
