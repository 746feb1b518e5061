/**
 * Jest's `globalSetup`: one server for the whole run, its connection string in DATABASE_URL (or the
 * variable named by PG_TEST_ENV_VAR), migrations applied. Where the variable is set already, that
 * database is used and nothing is started. With `jest/setup` as well, workers have copies of it.
 */
import {startRun} from '../runners/start-run';
import type {TestRunOptions} from '../runners/start-run';
import {killers} from './killers';

async function setup(options: TestRunOptions = {}): Promise<void> {
  killers.push(await startRun(options));
}

// Jest and `import` take what the module is, earlier versions had it as `default`.
setup.default = setup;

// So that declaration files can name the options.
declare namespace setup {
  export type {TestRunOptions as SetupOptions};
}

export = setup;
