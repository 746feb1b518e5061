/** Promises 17, 18 and 19: a pool that is closed, one that is used up, and one that is waited for from inside. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {TimeoutError, UsageError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig, Queryable} from '@databases/pg';
import {countSessions, eventually} from '../support/activity';
import {failureOf} from '../support/failure';
import {gate} from '../support/gate';
import {runProgram} from '../support/program';
import {firstRow} from '../support/rows';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';

const postgres = useServer();
forbidUnhandledErrors();

const CANARY = 'value-that-must-not-show';

function poolNamed(
  applicationName: string,
  poolSize: number,
  options: Partial<ConnectionPoolConfig> = {},
): ConnectionPool {
  return createConnectionPool({
    connectionString: postgres.url,
    applicationName,
    poolSize,
    ...options,
  });
}

/** Fills the pool with tasks that never end by themselves; resolves when all hold their connection. */
async function leak(db: ConnectionPool, count: number): Promise<() => Promise<unknown>> {
  const released = gate();
  const holding: Promise<void>[] = [];
  const leaks: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const held = gate();
    holding.push(held.opened);
    const leaked = async (holder: Queryable) => {
      await holder.query(sql`SELECT ${CANARY} AS canary, ${i}::int AS leak`);
      held.open();
      await released.opened;
      await holder.query(sql`SELECT 'used after all'`);
    };
    leaks.push(i % 2 === 0 ? leakyTask(db, leaked) : leakyTransaction(db, leaked));
  }
  const settled = Promise.allSettled(leaks);
  await Promise.all(holding);
  return () => {
    released.open();
    return settled;
  };
}

function leakyTask(db: ConnectionPool, fn: (holder: Queryable) => Promise<void>): Promise<void> {
  return db.task(fn);
}

function leakyTransaction(
  db: ConnectionPool,
  fn: (holder: Queryable) => Promise<void>,
): Promise<void> {
  return db.tx(fn);
}

test('17. drain: 200 queries in flight and queued all settle before dispose resolves', async (context) => {
  await using observer = poolNamed('observer', 1);
  const db = poolNamed('drained', 4);
  let settled = 0;
  const work = Array.from({length: 200}, (_, i) => {
    const query =
      i % 10 === 0
        ? db.tx((tx) => tx.query(sql`SELECT ${i}::int AS i, pg_sleep(0.005)`))
        : db.query(sql`SELECT ${i}::int AS i, pg_sleep(0.005)`);
    return query.finally(() => settled++);
  });
  const since = performance.now();
  await db.dispose();
  const disposed = performance.now();
  assert.equal(settled, 200);
  const rows = await Promise.all(work);
  assert.deepEqual(
    rows.map(([row]) => row.i),
    rows.map((_, i) => i),
  );
  await eventually('the sessions are over', async () => {
    return (await countSessions(observer, 'drained')) === 0;
  });
  const backends = performance.now() - disposed;
  context.diagnostic(
    `drained in ${Math.round(disposed - since)} ms, no backend ${Math.round(backends)} ms later`,
  );
});

test('17. drain: the process is over when the pool is', async (context) => {
  const program = runProgram(
    postgres.url,
    `const db = createConnectionPool({connectionString: url, poolSize: 4});
     let settled = 0;
     for (let i = 0; i < 200; i++) {
       db.query(sql\`SELECT \${i}::int, pg_sleep(0.002)\`).finally(() => settled++);
     }
     await db.dispose();
     process.once('exit', () => say('exit ' + (Date.now() - disposed)));
     const disposed = Date.now();
     say('settled ' + settled);`,
  );
  const {code, lines, errors} = await program.ended;
  assert.deepEqual({code, errors}, {code: 0, errors: ''});
  assert.equal(lines[0], 'settled 200');
  const milliseconds = Number(lines[1]?.replace('exit ', ''));
  context.diagnostic(`exit ${milliseconds} ms after dispose`);
  assert.ok(milliseconds < 1100, `exit after ${milliseconds} ms`);
});

test('17. drain: a checkout that is leaked holds dispose up for its timeout and no longer', async (context) => {
  await using observer = poolNamed('observer', 1);
  const reports: Error[] = [];
  const db = poolNamed('leaked', 2, {captureStacks: true, onError: (error) => reports.push(error)});
  const release = await leak(db, 2);
  const waiting = Array.from({length: 5}, () => failureOf(db.query(sql`SELECT 'queued'`)));
  const since = performance.now();
  await db.dispose({timeoutMilliseconds: 200});
  const milliseconds = performance.now() - since;
  context.diagnostic(`disposed in ${Math.round(milliseconds)} ms, timeout 200 ms`);
  assert.ok(milliseconds >= 195 && milliseconds < 1300, `disposed in ${milliseconds} ms`);
  for (const error of await Promise.all(waiting)) {
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, 'PG_USED_AFTER_END');
    assert.equal(error.sent, 'no');
  }
  await eventually('the sessions are over', async () => {
    return (await countSessions(observer, 'leaked')) === 0;
  });
  assert.equal(reports.length, 1);
  assert.match(reports[0]?.message ?? '', /after 200 ms.*task for \d+ ms.*leakyTask/s);
  const ends = await release();
  assert.match(JSON.stringify(ends), /rejected.*rejected/);
});

test('17. drain: a limit may be set while dispose is waiting, and one that is none is refused', async () => {
  const db = poolNamed('late limit', 1, {onError: () => undefined});
  await assert.rejects(db.dispose({timeoutMilliseconds: Number.NaN}), {
    code: 'PG_INVALID_ARGUMENT',
  });
  const release = await leak(db, 1);
  const disposing = db.dispose();
  await db.dispose({timeoutMilliseconds: 0});
  await disposing;
  await release();
});

test('18. acquire diagnosis: every holder is named with its age, its place and its last statement', async (context) => {
  const poolSize = 5;
  await using db = poolNamed('used up', poolSize, {
    queueTimeoutMilliseconds: 100,
    captureStacks: true,
  });
  const release = await leak(db, poolSize);
  const since = performance.now();
  const error = await failureOf(db.query(sql`SELECT 1`));
  const milliseconds = performance.now() - since;
  context.diagnostic(`error after ${Math.round(milliseconds)} ms, timeout 100 ms`);
  await release();
  assert.ok(error instanceof TimeoutError);
  assert.equal(error.code, 'CONNECTION_POOL:QUEUE_TIMEOUT');
  assert.ok(milliseconds < 1150, `error after ${milliseconds} ms`);
  const holders = error.message.split(/(?=\b(?:task|transaction) for )/).slice(1);
  assert.equal(holders.length, poolSize);
  for (const holder of holders) {
    assert.match(holder, /^(task|transaction) for \d+ ms/);
    assert.match(holder, /last ran: SELECT \$1 AS canary, \$2::int AS leak/);
    assert.match(holder, /at leaky(Task|Transaction) \(.*drain\.test/);
  }
  assert.ok(!error.message.includes(CANARY));
  assert.ok(!/at .*pg.dist.client/.test(error.message), 'frames of this package say nothing');
});

test('18. acquire diagnosis: what is under way is told from what is over', async () => {
  await using db = poolNamed('busy', 1, {queueTimeoutMilliseconds: 100});
  const started = gate();
  const busy = db.task(async (task) => {
    const sleeping = task.query(sql`SELECT pg_sleep(1)`);
    started.open();
    await sleeping;
  });
  await started.opened;
  assert.match((await failureOf(db.query(sql`SELECT 1`))).message, /, runs: SELECT pg_sleep\(1\)/);
  await busy;
  const idle = gate();
  const held = gate();
  const nothing = db.task(() => {
    held.open();
    return idle.opened;
  });
  await held.opened;
  assert.match((await failureOf(db.query(sql`SELECT 1`))).message, /, has run nothing/);
  idle.open();
  await nothing;
});

test('19. self-deadlock: a pool whose holders all wait for it refuses at once', async (context) => {
  const poolSize = 3;
  await using db = poolNamed('self', poolSize);
  const ways: readonly [string, () => Promise<unknown>][] = [
    ['query', () => db.query(sql`SELECT 1`)],
    ['tx', () => db.tx((tx) => tx.query(sql`SELECT 1`))],
    ['task', () => db.task((task) => task.query(sql`SELECT 1`))],
    ['copyFrom', () => db.copyFrom(sql`COPY pg_class FROM STDIN`, [])],
    ['stream', () => firstRow(db.queryStream(sql`SELECT 1`))],
  ];
  let slowest = 0;
  for (const [name, inside] of ways) {
    const all = gate();
    let entered = 0;
    const ends = await Promise.all(
      Array.from({length: poolSize}, () =>
        db.tx(async (tx) => {
          await tx.query(sql`SELECT 1`);
          if (++entered === poolSize) all.open();
          await all.opened;
          const since = performance.now();
          try {
            await inside();
            return 'served';
          } catch (error) {
            assert.ok(error instanceof UsageError, String(error));
            assert.equal(error.code, 'PG_SELF_DEADLOCK');
            slowest = Math.max(slowest, performance.now() - since);
            return 'refused';
          }
        }),
      ),
    );
    // The first to be refused ends, and with its connection the others are served.
    assert.ok(ends.includes('refused'), `${name}: ${ends.join()}`);
  }
  context.diagnostic(`refused in ${slowest.toFixed(1)} ms`);
  assert.ok(slowest < 1050, `refused in ${slowest} ms`);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('19. self-deadlock: a limit on waiting is not needed, and none is waited for', async () => {
  await using db = createConnectionPool({
    connectionString: urlWith(postgres.url, {parameters: {application_name: 'no limit'}}),
    poolSize: 1,
    queueTimeoutMilliseconds: 0,
    acquireLockTimeoutMilliseconds: 0,
  });
  await db.tx(async () => {
    await assert.rejects(db.query(sql`SELECT 1`), {code: 'PG_SELF_DEADLOCK'});
  });
});
