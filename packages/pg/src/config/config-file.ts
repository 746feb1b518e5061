/**
 * Which environment variable holds the connection string: `DATABASE_URL`, unless a `pg` config file says otherwise.
 *
 * From the working directory upwards the first directory with one of the files decides. JSON only: other formats
 * would mean running code or shipping a YAML parser to read one name.
 */
import {dirname, join} from 'node:path';
import {ConfigurationError} from '../errors';
import type {ConfigSources} from './settings';

const defaultVariable = 'DATABASE_URL';
const jsonFiles = ['.pgrc', '.pgrc.json', join('.config', 'pgrc.json')];
const otherFiles = [
  ...['yaml', 'yml', 'js', 'ts', 'cjs', 'mjs'].map((extension) => `.pgrc.${extension}`),
  ...['js', 'ts', 'cjs', 'mjs'].map((extension) => `pg.config.${extension}`),
];

/** @throws {ConfigurationError} For a file that is not JSON, or whose entry is not the name of a variable. */
export function connectionStringVariable(sources: ConfigSources): string {
  let directory = sources.cwd;
  while (directory !== undefined) {
    const found = lookIn(directory, sources);
    if (found !== undefined) return found;
    const parent = dirname(directory);
    directory = parent === directory ? undefined : parent;
  }
  return defaultVariable;
}

function lookIn(directory: string, sources: ConfigSources): string | undefined {
  const packagePath = join(directory, 'package.json');
  const packageText = sources.readFile(packagePath);
  // Most package.json files say nothing about us: they need not be well-formed for our sake.
  if (packageText?.includes('"pg"') === true) {
    const config = property(parseJson(packageText, packagePath), 'pg');
    if (isObject(config)) return variableName(config, packagePath);
  }
  for (const name of jsonFiles) {
    const path = join(directory, name);
    const text = sources.readFile(path);
    if (text !== undefined) return variableName(parseJson(text, path), path);
  }
  for (const name of otherFiles) {
    const path = join(directory, name);
    if (sources.readFile(path) !== undefined)
      throw fileError(path, 'only JSON is read. Put the same content into .pgrc.json beside it.');
  }
  return undefined;
}

function variableName(config: unknown, path: string): string {
  if (!isObject(config)) throw fileError(path, 'it must contain a JSON object.');
  const name = property(config, 'connectionStringEnvironmentVariable');
  if (name === undefined) return defaultVariable;
  if (typeof name !== 'string' || name === '')
    throw fileError(
      path,
      '"connectionStringEnvironmentVariable" must be the name of an environment variable.',
    );
  return name;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fileError(path, 'it is not valid JSON.');
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function property(value: unknown, name: string): unknown {
  return isObject(value) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function fileError(path: string, problem: string): ConfigurationError {
  return new ConfigurationError(`${path}: ${problem}`, {source: path});
}
