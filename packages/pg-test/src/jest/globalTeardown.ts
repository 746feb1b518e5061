/** Jest's `globalTeardown`: ends what globalSetup started. */
import {killers} from './killers';

async function teardown(): Promise<void> {
  await Promise.all(killers.splice(0).map((kill) => kill()));
}

// Jest and `import` take what the module is, earlier versions had it as `default`.
teardown.default = teardown;

export = teardown;
