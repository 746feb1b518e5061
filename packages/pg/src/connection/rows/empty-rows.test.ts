import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import {emptyRows} from './empty-rows';

test('each result has an array of its own', () => {
  const rows = emptyRows();
  rows.push({id: 1});
  assert.deepEqual(emptyRows(), []);
});

test('it is an array of objects to V8 before there is one in it', () => {
  const program = `
    const {emptyRows} = require(${JSON.stringify(require.resolve('./empty-rows'))});
    console.log(String(%HasSmiElements(emptyRows())));
  `;
  const flags = ['--allow-natives-syntax', '-e', program];
  assert.equal(execFileSync(process.execPath, flags, {encoding: 'utf8'}).trim(), 'false');
});
