import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {test} from 'node:test';
import {promisify} from 'node:util';
import createConnectionPool, {sql} from '@databases/pg';
import {countSessions, eventually, processId} from './support/activity';
import {firstRow} from './support/rows';
import {useServer} from './support/server';

const postgres = useServer();

const ended = {name: 'UsageError', code: 'PG_USED_AFTER_END', sent: 'no'};

const parseIntegers = (pool: {
  setTypeParser(name: string, parse: (text: string) => unknown): void;
}) => {
  pool.setTypeParser('int4', (text) => `parsed ${text}`);
};

test('dispose waits for the work under way and closes all connections', async () => {
  await using observer = createConnectionPool(postgres.url);
  const applicationName = 'disposed';
  const db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 2,
    applicationName,
  });
  await db.query(sql`CREATE TABLE disposed (id int)`);
  const order: string[] = [];
  const query = db
    .query(sql`INSERT INTO disposed SELECT 1 FROM pg_sleep(0.05)`)
    .then(() => order.push('query'));
  const transaction = db
    .tx(async (tx) => {
      await tx.query(sql`INSERT INTO disposed VALUES (2)`);
      await tx.query(sql`SELECT pg_sleep(0.05)`);
      await tx.query(sql`INSERT INTO disposed VALUES (3)`);
    })
    .then(() => order.push('transaction'));
  const queued = db.query(sql`SELECT 'queued' AS name`);
  await db.dispose();
  order.push('disposed');
  await Promise.all([query, transaction]);
  assert.deepEqual(await queued, [{name: 'queued'}]);
  assert.equal(order[2], 'disposed');
  assert.equal(await countSessions(observer, applicationName), 0);
  assert.deepEqual(await observer.query(sql`SELECT id FROM disposed ORDER BY id`), [
    {id: 1},
    {id: 2},
    {id: 3},
  ]);
});

test('right after dispose the server has no session of the pool any more', async () => {
  await using observer = createConnectionPool(postgres.url);
  const applicationName = 'gone';
  for (let round = 0; round < 10; round++) {
    const db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: 5,
      applicationName,
    });
    await Promise.all(Array.from({length: 5}, () => db.tx((tx) => tx.query(sql`SELECT 1`))));
    await db.dispose();
    assert.equal(await countSessions(observer, applicationName), 0);
  }
});

test('dispose may be called again, and before anything was connected', async () => {
  const db = createConnectionPool(postgres.url);
  await Promise.all([db.dispose(), db.dispose()]);
  await db.dispose();
  const used = createConnectionPool(postgres.url);
  await used.query(sql`SELECT 1`);
  await used.dispose();
  await used.dispose();
});

test('a pool is of no use after dispose, in whatever way it is used', async () => {
  const db = createConnectionPool(postgres.url);
  await db.query(sql`SELECT 1`);
  const disposing = db.dispose();
  for (const moment of [undefined, disposing]) {
    await moment;
    await assert.rejects(db.query(sql`SELECT 1`), ended);
    await assert.rejects(db.query([]), ended);
    await assert.rejects(
      db.tx(async () => undefined),
      ended,
    );
    await assert.rejects(
      db.task(async () => undefined),
      ended,
    );
    await assert.rejects(firstRow(db.queryStream(sql`SELECT 1`)), ended);
    await assert.rejects(
      db.addPostCommitStep(async () => undefined),
      ended,
    );
    await assert.rejects(db.getTypeParser('int4'), ended);
    await assert.rejects(
      db.registerTypeParser('int4', (text) => text),
      ended,
    );
  }
});

test('a task under way when the pool is disposed goes on to its end', async () => {
  const db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  let disposing: Promise<void> | undefined;
  await db.task(async (task) => {
    await task.query(sql`SELECT 1`);
    disposing = db.dispose();
    assert.deepEqual(await task.query(sql`SELECT 2 AS two`), [{two: 2}]);
    await assert.rejects(db.query(sql`SELECT 3`), ended);
  });
  await disposing;
});

test('dispose lets a failing query fail', async () => {
  const db = createConnectionPool(postgres.url);
  const failing = assert.rejects(db.query(sql`SELECT 1/0 FROM pg_sleep(0.02)`), {code: '22012'});
  await db.dispose();
  await failing;
});

test('what was asked for before dispose is done, also while type parsers are still looked up', async () => {
  const {url} = postgres;
  const db = createConnectionPool({connectionString: url, poolSize: 2, types: parseIntegers});
  const asked = [
    db.query(sql`SELECT 1::int4 AS x`),
    db.task((task) => task.query(sql`SELECT 1::int4 AS x`)),
    db.tx((tx) => tx.query(sql`SELECT 1::int4 AS x`)),
  ];
  const stream = firstRow(db.queryStream(sql`SELECT 1::int4 AS x`));
  await db.dispose();
  const row = {x: 'parsed 1'};
  assert.deepEqual(await Promise.all(asked), [[row], [row], [row]]);
  assert.deepEqual(await stream, row);
});

test('await using disposes of the pool', async () => {
  await using observer = createConnectionPool(postgres.url);
  const applicationName = 'await_using';
  {
    await using db = createConnectionPool({connectionString: postgres.url, applicationName});
    await db.query(sql`SELECT 1`);
    assert.equal(await countSessions(observer, applicationName), 1);
  }
  await eventually('the session is over', async () => {
    return (await countSessions(observer, applicationName)) === 0;
  });
});

const program = (body: string) => `
  const createConnectionPool = require('@databases/pg');
  const {sql} = createConnectionPool;
  const db = createConnectionPool(process.env.URL_UNDER_TEST);
  (async () => { ${body} })();
`;

for (const [what, body, printed] of [
  ['with dispose', 'console.log(await db.query(sql`SELECT 1 AS one`)); await db.dispose();', '1'],
  ['without dispose, idle', 'console.log(await db.query(sql`SELECT 1 AS one`));', '1'],
  [
    'after work in flight',
    'console.log(await db.query(sql`SELECT 2 AS x FROM pg_sleep(0.2)`));',
    '2',
  ],
  [
    'after a stream',
    'for await (const r of db.queryStream(sql`SELECT 3 AS x`)) console.log(r);',
    '3',
  ],
] as const) {
  test(`a program ends by itself ${what}`, async () => {
    const {stdout} = await promisify(execFile)(process.execPath, ['-e', program(body)], {
      env: {...process.env, URL_UNDER_TEST: postgres.url},
      timeout: 10_000,
    });
    assert.match(stdout, new RegExp(printed));
  });
}

for (const [what, leave, look, clean] of [
  ['a setting', sql`SET statement_timeout = 12345`, sql`SHOW statement_timeout`, '0'],
  ['a role', sql`SET ROLE pg_monitor`, sql`SELECT current_user`, 'postgres'],
  ['a session user', sql`SET SESSION AUTHORIZATION guest`, sql`SELECT session_user`, 'postgres'],
  ['an open transaction', sql`BEGIN READ ONLY`, sql`SHOW transaction_read_only`, 'off'],
  ['a listener', sql`LISTEN channel`, sql`SELECT count(*)::int FROM pg_listening_channels()`, 0],
  [
    'a cursor',
    sql`DECLARE left_open CURSOR WITH HOLD FOR SELECT 1`,
    sql`SELECT count(*)::int FROM pg_cursors WHERE is_holdable`,
    0,
  ],
  [
    'a prepared statement',
    sql`PREPARE left_over AS SELECT 1`,
    sql`SELECT count(*)::int FROM pg_prepared_statements WHERE name = 'left_over'`,
    0,
  ],
] as const) {
  test(`the next user of a connection does not see ${what} that was left behind`, async () => {
    await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
    await db.query(sql`
      DO $$ BEGIN CREATE ROLE guest; EXCEPTION WHEN duplicate_object THEN NULL; END $$
    `);
    const before = await processId(db);
    const isClean = async () => {
      const [row] = await db.query(look);
      assert.deepEqual(Object.values(row), [clean]);
    };
    for (let round = 0; round < 2; round++) {
      await db.query(leave);
      await isClean();
      await db.task((task) => task.query(leave));
      await isClean();
      // A statement of more lines in one text, and beside others that share the connection.
      await Promise.all([db.query(sql`SELECT 1`), db.query(leave), isClean()]);
      await isClean();
    }
    assert.equal(await processId(db), before);
  });
}

test('a failed transaction that was left open is over for the next user', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    await task.query(sql`BEGIN`);
    await task.query(sql`SELECT 1/0`).catch(() => undefined);
    await assert.rejects(task.query(sql`SELECT 1`), {code: '25P02'});
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a setting stays where its own task can see it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    await task.query(sql`SET statement_timeout = 12345`);
    assert.deepEqual(await task.query(sql`SHOW statement_timeout`), [
      {statement_timeout: '12345ms'},
    ]);
  });
});
