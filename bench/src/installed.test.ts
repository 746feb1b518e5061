import assert from 'node:assert/strict';
import {test} from 'node:test';
import {dirname} from 'node:path';
import {isInstalled} from './installed';

test('a program is installed where a folder of the PATH has it and it may be run', () => {
  const folder = dirname(process.execPath);
  assert.ok(isInstalled('node', `/nowhere:${folder}`));
  assert.ok(!isInstalled('node', '/nowhere'));
  assert.ok(!isInstalled('node', undefined));
  // Readable, and no program.
  assert.ok(!isInstalled('passwd', '/etc'));
});
