/** Runs a program of examples/ to its end. Its output is what the test looks at. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';

const examples = join(resolve(__dirname, '../../..'), 'examples');
const PATIENCE_MILLISECONDS = 60_000;

/** Gives what it printed. @throws When it fails, takes a minute, or prints errors. */
export async function runExample(
  name: string,
  env: Readonly<Record<string, string>>,
  numbers: readonly number[] = [],
): Promise<string> {
  const {stdout, stderr} = await promisify(execFile)(
    process.execPath,
    [join(examples, name, 'dist/main.js'), ...numbers.map(String)],
    {env: {...process.env, NODE_OPTIONS: '', ...env}, timeout: PATIENCE_MILLISECONDS},
  );
  assert.equal(stderr, '');
  return stdout;
}

/** The figures that `pattern` captures, which has to be in the text. */
export function figures(text: string, pattern: RegExp): number[] {
  const found = pattern.exec(text);
  assert.ok(found, `${String(pattern)} is not in:\n${text}`);
  return found.slice(1).map(Number);
}
