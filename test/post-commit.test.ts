import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer();

test('outside a transaction a post-commit step runs at once', async () => {
  await using db = createConnectionPool(postgres.url);
  const ran: string[] = [];
  await db.addPostCommitStep(async () => ran.push('pool'));
  await db.task((task) => task.addPostCommitStep(async () => ran.push('task')));
  assert.deepEqual(ran, ['pool', 'task']);
  const reason = new Error('of the step');
  await assert.rejects(
    db.addPostCommitStep(() => Promise.reject(reason)),
    (error) => error === reason,
  );
});

test('post-commit steps run one after the other, in order, once the transaction is visible', async () => {
  // With a pool of one the connection has to be back before the steps run.
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`CREATE TABLE visible (id int)`);
  const seen: unknown[] = [];
  await db.tx(async (tx) => {
    await tx.addPostCommitStep(async () => {
      seen.push('first begins', await db.query(sql`SELECT * FROM visible`));
      seen.push('first ends');
    });
    await tx.addPostCommitStep(async () => seen.push('second'));
    await tx.query(sql`INSERT INTO visible VALUES (1)`);
    seen.push('callback ends');
  });
  assert.deepEqual(seen, ['callback ends', 'first begins', [{id: 1}], 'first ends', 'second']);
});

test('a post-commit step may start a transaction of its own', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const ran: string[] = [];
  await db.tx((tx) =>
    tx.addPostCommitStep(() =>
      db.tx(async (second) => {
        await second.query(sql`SELECT 1`);
        await second.addPostCommitStep(async () => ran.push('step of the step'));
      }),
    ),
  );
  assert.deepEqual(ran, ['step of the step']);
});

test('a post-commit step that throws rejects the call, although the transaction is committed', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE although (id int)`);
  const reason = new Error('of the step');
  const ran: string[] = [];
  const run = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO although VALUES (1)`);
    await tx.addPostCommitStep(() => Promise.reject(reason));
    await tx.addPostCommitStep(async () => ran.push('behind'));
  });
  await assert.rejects(run, (error) => error === reason);
  assert.deepEqual(await db.query(sql`SELECT * FROM although`), [{id: 1}]);
  assert.deepEqual(ran, []);
});

test('the steps of a transaction that did not commit do not run', async () => {
  await using db = createConnectionPool(postgres.url);
  const ran: string[] = [];
  await db
    .tx(async (tx) => {
      await tx.addPostCommitStep(async () => ran.push('thrown'));
      throw new Error('roll back');
    })
    .catch(() => undefined);
  await db
    .tx(async (tx) => {
      await tx.addPostCommitStep(async () => ran.push('swallowed'));
      await tx.query(sql`SELECT 1/0`).catch(() => undefined);
    })
    .catch(() => undefined);
  assert.deepEqual(ran, []);
});

test('the steps of a nested transaction run with those of the outer one, or not at all', async () => {
  await using db = createConnectionPool(postgres.url);
  const ran: string[] = [];
  await db.tx(async (tx) => {
    await tx.addPostCommitStep(async () => ran.push('1 outer'));
    await tx.tx(async (nested) => {
      await nested.query(sql`SELECT 1`);
      await nested.addPostCommitStep(async () => ran.push('2 nested'));
      await nested.tx((deep) => deep.addPostCommitStep(async () => ran.push('3 deep')));
    });
    await tx
      .tx(async (nested) => {
        await nested.addPostCommitStep(async () => ran.push('rolled back'));
        await nested.tx((deep) => deep.addPostCommitStep(async () => ran.push('with it')));
        throw new Error('roll back');
      })
      .catch(() => undefined);
    await tx.task((same) => same.addPostCommitStep(async () => ran.push('4 task')));
    assert.deepEqual(ran, []);
  });
  assert.deepEqual(ran, ['1 outer', '2 nested', '3 deep', '4 task']);
});

test('a transaction of a task runs its steps when it has committed', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    let value: unknown;
    await task.tx((tx) =>
      tx.addPostCommitStep(async () => {
        value = await task.query(sql`SELECT 'free again' AS state`);
      }),
    );
    assert.deepEqual(value, [{state: 'free again'}]);
  });
});
