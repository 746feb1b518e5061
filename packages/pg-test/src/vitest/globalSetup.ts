/**
 * Vitest's `globalSetup`: starts the run, and gives the function that ends it. A file of one's own, for options:
 * `export default () => globalSetup({migrate})`.
 */
import {startRun} from '../runners/start-run';
import type {EndOfRun, TestRunOptions} from '../runners/start-run';

/** @param options Vitest itself gives its project here, which is none. */
async function globalSetup(
  options: TestRunOptions | {readonly vitest: unknown} = {},
): Promise<EndOfRun> {
  return startRun('vitest' in options ? {} : options);
}

declare namespace globalSetup {
  export type {EndOfRun, TestRunOptions};
}

export = globalSetup;
