/** A cluster whose primary is looked after by Patroni: the machine of the leader dies, and Patroni promotes another. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {until} from '../support/replicated';
import {findPatroni, startPatroni} from '../support/patroni';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
/** A leader that has died is replaced when its lease has run out: ttl is 20 s, and less cannot be set. */
const FAILOVER_MILLISECONDS = 60_000;
const START_MILLISECONDS = 90_000;

const installation = findPatroni();
const skip = installation === undefined && 'Patroni is fetched only by root on Debian';

test(
  'when Patroni promotes another leader, writes go on there and no read fails',
  {skip},
  async () => {
    assert.ok(installation);
    await using patroni = await startPatroni(installation, 3);
    await using db = createCluster(
      {hosts: patroni.hosts, user: 'postgres', database: 'postgres', onError() {}},
      {failoverTimeoutMilliseconds: FAILOVER_MILLISECONDS},
    );
    const serving = () => db.nodes().filter(({phase}) => phase === 'serving').length;
    const ready = async () => {
      await db.query(sql`SELECT 1`).catch(() => undefined);
      return serving() === 3;
    };
    await until(ready, START_MILLISECONDS).catch((error: unknown) => {
      throw new Error(`the nodes did not come up:\n${patroni.log().slice(-4000)}`, {cause: error});
    });
    await db.query(sql`CREATE TABLE orders (id int)`);
    const read = sql`SELECT id FROM orders LIMIT 1`;
    await until(async () => (await db.explain(read)).target === 'replica');

    // A read that fails on a replica because the table is not there yet waits for a primary.
    for (const host of patroni.hosts) {
      await using node = createConnectionPool(`postgres://postgres@${host}/postgres`);
      await until(() =>
        node.query(read).then(
          () => true,
          () => false,
        ),
      );
    }

    const leader = db.nodes().find(({role}) => role === 'primary');
    assert.ok(leader);
    const replaced: string[] = [];
    db.on('failover', ({to}) => void replaced.push(to));
    const killedAt = performance.now();
    patroni.kill(leader.name);
    const write = (async () => {
      for (let id = 1; ; id++) {
        try {
          await db.query(sql`INSERT INTO orders VALUES (${id})`);
          return id;
        } catch (error) {
          // What was under way when it died.
          assert.ok(error instanceof PgError && error.sent === 'maybe', String(error));
        }
      }
    })();
    let reads = 0;
    let phase: 'waiting' | 'written' = 'waiting';
    const reading = (async () => {
      while (isWaiting()) {
        await db.session(() => db.query(read));
        reads++;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    function isWaiting(): boolean {
      return phase === 'waiting';
    }
    const id = await write.finally(() => (phase = 'written'));
    await reading;
    console.log(
      `# written again after ${(performance.now() - killedAt).toFixed(0)} ms, ${reads} reads meanwhile`,
    );
    assert.equal(replaced.length, 1);
    assert.notEqual(replaced[0], leader.name);
    assert.ok(patroni.hosts.includes(replaced[0] ?? ''));
    assert.deepEqual(await db.query(sql`SELECT id FROM orders WHERE id = ${id}`), [{id}]);
    assert.ok(reads > 10, `${reads} reads`);
  },
);
