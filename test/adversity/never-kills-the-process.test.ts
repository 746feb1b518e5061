/** Promise 2. Whatever happens to connections, nothing is thrown where nobody can catch it. No listeners, no onError. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import {eventually, processId} from '../support/activity';
import {runProgram} from '../support/program';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';
import {randomTest} from './rig/random';

/** Of each kind of end. */
const TIMES = process.env['ADVERSITY_LONG'] === undefined ? 10 : 100;

const postgres = useServer();
forbidUnhandledErrors();

async function lost(work: Promise<unknown>): Promise<void> {
  await work.then(
    () => undefined,
    (error: unknown) => assert.ok(error instanceof PgError, String(error)),
  );
}

test(`2. never kills the process: sessions ended by the server ${TIMES} times idle, in a transaction and in a task`, async () => {
  await using admin = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const terminate = (number: number) =>
    admin.query(sql`SELECT pg_terminate_backend(${number}::int, 5000)`);
  for (let i = 0; i < TIMES; i++) {
    // A new one each time: what breaks again and again is opened ever more slowly.
    await using db = createConnectionPool({connectionString: postgres.url, poolSize: 3});
    await terminate(await db.query(sql`SELECT pg_backend_pid() AS pid`).then(([row]) => row.pid));
    await lost(
      db.tx(async (tx) => {
        await terminate(await processId(tx));
        await Promise.all([lost(tx.query(sql`SELECT 1`)), lost(tx.query(sql`SELECT 2`))]);
        await tx.query(sql`SELECT 3`);
      }),
    );
    await lost(
      db.task(async (task) => {
        await terminate(await processId(task));
        await Promise.all([task.query(sql`SELECT 1`), task.query(sql`SELECT 2`)]);
      }),
    );
  }
});

randomTest(`2. never kills the process: ${TIMES} RSTs and FINs at any moment`, async (random) => {
  await using proxy = await openChaosProxy(postgres.server);
  const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
  await using db = createConnectionPool({connectionString, poolSize: 4, onError: () => undefined});
  for (let i = 0; i < TIMES; i++) {
    const work = [
      db.query(sql`SELECT 1`),
      db.query([sql`SELECT 1`, sql`SELECT 2`]),
      db.tx(async (tx) => void (await tx.query(sql`SELECT 1`))),
    ].map(lost);
    const turns = random.between(0, 30);
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    random.pick([() => proxy.reset(), () => proxy.close()])();
    await Promise.all(work);
  }
});

test('2. never kills the process: a handler that fails is no more than that', async () => {
  await using proxy = await openChaosProxy(postgres.server);
  let told = 0;
  await using db = createConnectionPool({
    connectionString: `${proxy.through(postgres.url)}?sslmode=disable`,
    poolSize: 2,
    onError: () => {
      told++;
      throw new Error('a handler that fails');
    },
  });
  await db.task(async (task) => {
    await task.query(sql`SELECT 1`);
    proxy.admission = 'reset';
    // Waits for a second connection, of which every attempt fails: nobody else is told of that.
    const waiting = db.query(sql`SELECT 2 AS answer`);
    await eventually('the handler is called', () => told > 0);
    proxy.admission = 'pass';
    assert.deepEqual(await waiting, [{answer: 2}]);
  });
});

test('2. never kills the process: a program without any listener outlives its connections', async () => {
  const program = runProgram(
    postgres.url,
    `const db = createConnectionPool(url);
     const [{pid}] = await db.query(sql\`SELECT pg_backend_pid() AS pid\`);
     const admin = createConnectionPool(url);
     await admin.query(sql\`SELECT pg_terminate_backend(\${pid}::int, 5000)\`);
     await db.tx(async (tx) => {
       const [{pid}] = await tx.query(sql\`SELECT pg_backend_pid() AS pid\`);
       await admin.query(sql\`SELECT pg_terminate_backend(\${pid}::int, 5000)\`);
       await new Promise((resolve) => setTimeout(resolve, 50));
     }).catch(() => say('rejected'));
     const [{one}] = await db.query(sql\`SELECT 1 AS one\`);
     say('alive ' + one);
     await Promise.all([db.dispose(), admin.dispose()]);`,
  );
  const {code, lines, errors} = await program.ended;
  assert.deepEqual({code, lines, errors}, {code: 0, lines: ['rejected', 'alive 1'], errors: ''});
});
