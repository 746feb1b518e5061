/** Nodes that are far away: a round trip takes longer than the probes are apart. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {openDistance} from '../support/distance';
import {useReplicated} from '../support/replicated';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
const ROUND_TRIP_MILLISECONDS = 300;
const QUERIES = 6;

const replicated = useReplicated(1);

test('a cluster on distant servers serves, and gives none of them up for its distance', async () => {
  const {primary} = replicated.servers;
  await using there = await openDistance(primary.connectionString, ROUND_TRIP_MILLISECONDS);
  await using too = await openDistance(
    replicated.replica(0).connectionString,
    ROUND_TRIP_MILLISECONDS,
  );
  await using db = createCluster(createConnectionPool(there.url), createConnectionPool(too.url));
  await db.query(sql`SELECT 1`);
  const out: string[] = [];
  db.on('eject', ({node, reason}) => out.push(`${node}: ${reason}`));
  for (let count = 0; count < QUERIES; count++) await db.query(sql`SELECT ${count}::int AS n`);
  assert.deepEqual(out, []);
});
