/** What a cluster costs its servers: monitors, and reads that wait for a replica. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {medianOf, roundsOf, summary} from '../support/cluster-rounds';
import {poolOf, until, useReplicated} from '../support/replicated';
import {resumeReplay, stopReplay} from '../support/replication-faults';
import {describeWorst, watchScheduling} from '../support/scheduling-delay';
import type {Delay} from '../support/scheduling-delay';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openWireTap} from '../support/wire-tap';

forbidUnhandledErrors();
// A standby that is asked from within a snapshot would hold its replay up for as long as it may.
const replicated = useReplicated(1, {
  max_standby_streaming_delay: '-1',
  hot_standby_feedback: 'off',
});

void test('invariant 15: a read that waits for a replica does not hold up what it waits for', async () => {
  await using direct = poolOf(replicated.servers.primary);
  await using standby = poolOf(replicated.replica(0));
  await direct.query(sql`CREATE TABLE swept (id int)`);
  await using db = replicated.cluster({waitMilliseconds: 10_000, maxLagMilliseconds: 60_000});
  await db.query(sql`SELECT 1`);
  await until(async () => (await db.explain(sql`SELECT * FROM swept`)).target === 'replica');
  const took: number[] = [];
  const delayed: (Delay & {took: number})[] = [];
  const rounds = roundsOf(50, 5);
  for (let round = 0; round < rounds; round++) {
    await direct.query(sql`INSERT INTO swept SELECT generate_series(1, 1000)`);
    await replicated.servers.catchUp();
    await stopReplay(standby);
    // In the log in front of what the reads wait for, and in conflict with every snapshot from before it.
    await direct.query(sql`DELETE FROM swept`);
    await direct.query(sql`VACUUM swept`);
    await db.query(sql`INSERT INTO swept VALUES (0)`);
    const [place] = await direct.query(sql`SELECT pg_current_wal_flush_lsn()::text AS lsn`);
    let reads = 0;
    const waiting = Array.from({length: 4}, async () => {
      const rows = await db.query(sql`SELECT id FROM swept`);
      assert.equal(rows.length, 1);
      reads++;
    });
    await until(() => db.nodes()[1]?.inFlight === 4);
    const delay = watchScheduling();
    const start = performance.now();
    await resumeReplay(standby);
    await until(async () => {
      const [row] = await standby.query(
        sql`SELECT pg_last_wal_replay_lsn() >= ${place.lsn}::pg_lsn AS there`,
      );
      return row.there;
    });
    const milliseconds = performance.now() - start;
    took.push(milliseconds);
    delayed.push({took: milliseconds, ...delay()});
    await Promise.all(waiting);
    assert.equal(reads, 4);
    await direct.query(sql`TRUNCATE swept`);
  }
  console.log(
    `# replayed within milliseconds, with 4 reads waiting: ${summary(took)}: ${describeWorst(delayed)}`,
  );
  assert.ok(medianOf(took) < 100);
});

void test('invariant 16: a monitor sends one statement at its pace and nothing else', async () => {
  const taps = await Promise.all(
    [replicated.servers.primary, replicated.replica(0)].map((server) =>
      openWireTap(server.connectionString),
    ),
  );
  const [primary, replica] = taps.map(({url}) => createConnectionPool({connectionString: url}));
  assert.ok(primary && replica);
  await using db = createCluster(primary, replica);
  await db.query(sql`SELECT 1`);
  await until(() => db.nodes().every(({phase}) => phase === 'serving'));
  // The first are parsed; a pool prepares what it runs again.
  await until(() => taps.every(({flights}) => flights.length > 4 && flights.at(-1) === 'BES'));
  for (const tap of taps) tap.clear();
  const start = performance.now();
  const probes = 8;
  await until(() => taps.every(({flights}) => flights.length > probes));
  const took = performance.now() - start;
  const most = Math.ceil(took / (250 * 0.95)) + 1;
  for (const {flights, sessions} of taps) {
    assert.deepEqual(new Set(flights), new Set(['BES']));
    assert.ok(flights.length <= most, `${flights.length} probes in ${took.toFixed(0)} ms`);
    // The monitor's, and what the first query and the catalogue took.
    assert.ok(sessions <= 3, `${sessions} sessions`);
  }
  await db.dispose();
  await Promise.all(taps.map((tap) => tap.close()));
});
