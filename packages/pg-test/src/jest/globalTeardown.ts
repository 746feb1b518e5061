/** Jest's `globalTeardown`: ends what globalSetup started. */
import {killers} from './globalSetup';

export default async function teardown(): Promise<void> {
  await Promise.all(killers.splice(0).map((kill) => kill()));
}
