import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {IsolationLevel, sql} from '@databases/pg';
import type {Transaction} from '@databases/pg';
import {useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

async function withTable(
  name: string,
  run: (parts: {
    db: ReturnType<typeof createConnectionPool>;
    insert: (id: number) => ReturnType<typeof sql>;
    ids: () => Promise<number[]>;
  }) => Promise<void>,
): Promise<void> {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const table = sql.ident(name);
  await db.query(sql`CREATE TABLE ${table} (id int PRIMARY KEY)`);
  await run({
    db,
    insert: (id) => sql`INSERT INTO ${table} VALUES (${id})`,
    async ids() {
      const rows: {id: number}[] = await db.query(sql`SELECT id FROM ${table} ORDER BY id`);
      return rows.map((row) => row.id);
    },
  });
}

test('what a nested transaction wrote is committed with the outer one', () =>
  withTable('nested_commit', async ({db, insert, ids}) => {
    const result = await db.tx(async (tx) => {
      await tx.query(insert(1));
      return tx.tx(async (nested) => {
        await nested.query(insert(2));
        return 'inner';
      });
    });
    assert.equal(result, 'inner');
    assert.deepEqual(await ids(), [1, 2]);
  }));

test('an error in a nested transaction undoes it alone, and the outer one goes on', () =>
  withTable('nested_rollback', async ({db, insert, ids}) => {
    await db.tx(async (tx) => {
      await tx.query(insert(1));
      const inner = tx.tx(async (nested) => {
        await nested.query(insert(2));
        await nested.query(insert(1));
      });
      await assert.rejects(inner, {code: '23505'});
      await tx.query(insert(3));
    });
    assert.deepEqual(await ids(), [1, 3]);
  }));

test('a nested transaction whose callback throws is undone, as the first thing of the outer one too', () =>
  withTable('nested_throw', async ({db, insert, ids}) => {
    const reason = new Error('of the callback');
    await db.tx(async (tx) => {
      const inner = tx.tx(async (nested) => {
        await nested.query(insert(1));
        throw reason;
      });
      await assert.rejects(inner, (error) => error === reason);
      await tx.query(insert(2));
    });
    assert.deepEqual(await ids(), [2]);
  }));

test('nested transactions nest', () =>
  withTable('nested_deep', async ({db, insert, ids}) => {
    await db.tx(async (a) => {
      await a.query(insert(1));
      await a.tx(async (b) => {
        await b.query(insert(2));
        await b
          .tx(async (c) => {
            await c.query(insert(3));
            await c.tx((d) => d.query(insert(4)));
            throw new Error('undo 3 and 4');
          })
          .catch(() => undefined);
        await b.query(insert(5));
      });
    });
    assert.deepEqual(await ids(), [1, 2, 5]);
  }));

test('an error swallowed inside a nested transaction rejects it, and the outer one can go on', () =>
  withTable('nested_swallowed', async ({db, insert, ids}) => {
    await db.tx(async (tx) => {
      await tx.query(insert(1));
      const inner = tx.tx(async (nested) => {
        await nested.query(insert(2));
        await nested.query(sql`SELECT 1/0`).catch(() => undefined);
      });
      await assert.rejects(inner, (error: Error) => {
        assert.equal(Reflect.get(error, 'code'), 'PG_TRANSACTION_ROLLED_BACK');
        assert.equal(Reflect.get(Object(error.cause), 'code'), '22012');
        return true;
      });
      await tx.query(insert(3));
    });
    assert.deepEqual(await ids(), [1, 3]);
  }));

test('the cause of a failed COMMIT is an error that was not undone by a nested transaction', () =>
  withTable('nested_cause', async ({db, ids}) => {
    const run = db.tx(async (tx) => {
      await tx.tx((nested) => nested.query(sql`SELECT 1/0`)).catch(() => undefined);
      await tx.query(sql`SELECT * FROM missing`).catch(() => undefined);
    });
    await assert.rejects(run, (error: Error) => {
      assert.equal(Reflect.get(Object(error.cause), 'code'), '42P01');
      return true;
    });
    assert.deepEqual(await ids(), []);
  }));

test('the options of a nested transaction are of no effect', () =>
  withTable('nested_options', ({db, insert}) =>
    db.tx(async (tx) => {
      const run: Transaction['tx'] = tx.tx.bind(tx);
      await run(
        async (nested) => {
          await nested.query(insert(1));
          assert.deepEqual(await nested.query(sql`SHOW transaction_isolation`), [
            {transaction_isolation: 'read committed'},
          ]);
        },
        {isolationLevel: IsolationLevel.SERIALIZABLE, readOnly: true},
      );
    }),
  ));

test('parallel nested transactions take turns', () =>
  withTable('nested_parallel', async ({db, insert, ids}) => {
    const order: string[] = [];
    await db.tx(async (tx) => {
      const nested = (id: number) =>
        tx.tx(async (inner) => {
          order.push(`${id} begins`);
          await inner.query(insert(id));
          await inner.query(sql`SELECT pg_sleep(0.01)`);
          order.push(`${id} ends`);
          if (id === 2) throw new Error('undo 2');
        });
      const results = await Promise.allSettled([1, 2, 3].map(nested));
      assert.deepEqual(
        results.map((result) => result.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
    });
    assert.deepEqual(order, ['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
    assert.deepEqual(await ids(), [1, 3]);
  }));

test('a query of the outer transaction asked for beside a nested one waits for it', () =>
  withTable('nested_beside', async ({db, insert, ids}) => {
    await db.tx(async (tx) => {
      const inner = tx.tx(async (nested) => {
        await nested.query(insert(1));
        throw new Error('undo 1');
      });
      const beside = tx.query(insert(2));
      await assert.rejects(inner, /undo 1/);
      await beside;
    });
    assert.deepEqual(await ids(), [2]);
  }));

test('the SAVEPOINT travels with BEGIN and the first statement', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    await db.tx((tx) => tx.tx((nested) => nested.query(sql`SELECT 1`)));
    // BEGIN; SAVEPOINT; SELECT, then RELEASE, then COMMIT.
    assert.equal(tap.flights.length, 3);
  } finally {
    await tap.close();
  }
});
