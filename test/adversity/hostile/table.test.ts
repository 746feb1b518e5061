/** That each of the hostile inputs in test/adversity/README.md has its test where the table says. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';

const folder = resolve(__dirname, '../../../../test/adversity');
const INPUTS = 49;

void test('every hostile input has a test in the file that the table names', () => {
  const table = readFileSync(join(folder, 'README.md'), 'utf8');
  const rows = [...table.matchAll(/^\| (\d+) +\|.*\| (\S+) +\|$/gm)].filter(([row]) =>
    /hostile\/|no-wire-injection +\|$/.test(row),
  );
  const inputs = new Map(rows.map(([, number, file]) => [Number(number), file]));
  for (let number = 1; number <= INPUTS; number++) {
    const file = inputs.get(number);
    assert.ok(file !== undefined, `C2.${number} is not in the table`);
    const source = readFileSync(join(folder, `${file}.test.ts`), 'utf8');
    assert.match(source, new RegExp(`C2\\.${number}\\b`), `${file} has no C2.${number}`);
  }
});
