/** A machine in memory for the tests of this folder: environment, files, their modes. */
import assert from 'node:assert/strict';
import {ConfigurationError} from '../errors';
import {resolveConfig} from '.';
import type {ConfigSources, ConnectionOptions, ResolvedConfig} from '.';

export interface Machine {
  env?: Record<string, string>;
  files?: Record<string, string>;
  modes?: Record<string, number>;
  username?: string;
  cwd?: string;
  platform?: string;
}

export function sources(machine: Machine = {}): ConfigSources {
  const {env = {}, files = {}, modes = {}, username = 'me', cwd, platform} = machine;
  return {
    env,
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    fileMode: (path) => modes[path] ?? 0o600,
    homedir: '/home/me',
    username,
    ...(cwd === undefined ? {} : {cwd}),
    ...(platform === undefined ? {} : {platform}),
  };
}

export function resolve(input?: string | ConnectionOptions, machine?: Machine): ResolvedConfig {
  return resolveConfig(input, sources(machine));
}

/** The error of resolving `input`, which need not be of the right type. */
export function refusal(input: unknown, machine?: Machine): ConfigurationError {
  return refused(() => Reflect.apply(resolveConfig, undefined, [input, sources(machine)]));
}

export function refused(attempt: () => unknown): ConfigurationError {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  return assert.fail('nothing was thrown');
}
