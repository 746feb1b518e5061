/** examples/consistency-token: with the token of a write, another service never misses it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {startCluster} from '@databases/pg-test';
import {figures, runExample} from '../support/example';

test('consistency-token: what one service wrote, the other finds if it has the token', async () => {
  const servers = await startCluster({replicas: 1});
  try {
    const env = {
      DATABASE_URL: servers.primary.connectionString,
      DATABASE_REPLICA_URLS: servers.replicas.map((node) => node.connectionString).join(','),
    };
    const output = await runExample('consistency-token', env, [10, 300]);
    assert.deepEqual(figures(output, /^with the token +(\d+) of (\d+)$/m), [10, 10]);
    // It was the token: without it they are missed.
    const [without = 10] = figures(output, /^without the token (\d+) of 10 /m);
    assert.ok(without < 10, output);
  } finally {
    await servers.stop();
  }
});
