/** examples/failover, with short times: what it prints is what its README promises. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';

const MAIN = join(resolve(__dirname, '../../..'), 'examples/failover/dist/main.js');
const UNDECIDED_MILLISECONDS = 300;

test('the example of a failover: no read fails, writes wait and are stored once', async () => {
  const args = [MAIN, '500', String(UNDECIDED_MILLISECONDS)];
  const {stdout, stderr} = await promisify(execFile)(process.execPath, args, {timeout: 120_000});
  assert.equal(stderr, '');
  assert.match(
    stdout,
    / the primary \S+ is killed\n[^]* is promoted\n[^]* {2}cluster: writes go to (\S+), timeline 2\n[^]*\nWrites go to \1/,
  );
  assert.match(stdout, /^reads +[1-9]\d*, failed 0,/m);
  assert.match(stdout, /^ +0 are stored twice$/m);
  const [, refused, waited] = /^writes .* refused (\d+), .* waited (\d+) ms$/m.exec(stdout) ?? [];
  assert.equal(refused, '0', stdout);
  // It saw the time without a primary, rather than no failover at all.
  assert.ok(Number(waited) >= UNDECIDED_MILLISECONDS * 0.8, stdout);
});
