/** Promise 22: a change of a table's layout is followed, although statements about it are prepared. */
import assert from 'node:assert/strict';
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable, SQLQuery} from '@databases/pg';
import {test} from 'node:test';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';

const CONNECTIONS = 4;
const postgres = useServer();
forbidUnhandledErrors();

const changes: readonly (readonly [string, SQLQuery, Record<string, unknown>])[] = [
  ['a column is added', sql`ALTER TABLE changing ADD COLUMN extra int DEFAULT 2`, {extra: 2}],
  ['a column is dropped', sql`ALTER TABLE changing DROP COLUMN other`, {}],
  ['a column gets another type', sql`ALTER TABLE changing ALTER COLUMN id TYPE text`, {}],
  ['a column gets another name', sql`ALTER TABLE changing RENAME COLUMN other TO another`, {}],
  [
    'the table is replaced',
    sql`DROP TABLE changing; CREATE TABLE changing AS SELECT true AS yes`,
    {},
  ],
  [
    'the type of a column is replaced',
    sql`
      ALTER TABLE changing DROP COLUMN mood; DROP TYPE mood; CREATE TYPE mood AS ENUM ('calm');
      ALTER TABLE changing ADD COLUMN mood mood DEFAULT 'calm'
    `,
    {mood: 'calm'},
  ],
  ['an index is added', sql`CREATE INDEX ON changing (id)`, {}],
];

const select = (on: Queryable) => on.query(sql`SELECT * FROM changing`);
async function createTable(admin: Queryable): Promise<void> {
  await admin.query(sql`
    DROP TABLE IF EXISTS changing; DROP TYPE IF EXISTS mood;
    CREATE TYPE mood AS ENUM ('happy');
    CREATE TABLE changing AS SELECT 1 AS id, 'one' AS other, 'happy'::mood AS mood
  `);
}

/** Every connection has it prepared by name. */
async function warm(db: ReturnType<typeof createConnectionPool>): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      Array.from({length: CONNECTIONS}, () =>
        db.task(async (task) => {
          await task.query(sql`SELECT pg_sleep(0.005)`);
          await select(task);
          await select(task);
        }),
      ),
    );
  }
}

for (const [what, change, expected] of changes) {
  test(`22. DDL: ${what}: 20 queries one by one and 20 at once`, async (context) => {
    await using admin = createConnectionPool(postgres.url);
    await createTable(admin);
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: CONNECTIONS,
    });
    await warm(db);
    await admin.query(change);
    const [now] = await admin.query(sql`SELECT row_to_json(changing) AS row FROM changing`);
    const errors: unknown[] = [];
    const follow = async () => {
      const [row] = await select(db);
      assert.deepEqual(row, now.row);
      for (const [name, value] of Object.entries(expected)) assert.equal(row[name], value);
    };
    for (let n = 0; n < 20; n++) await follow().catch((error: unknown) => errors.push(error));
    await Promise.all(
      Array.from({length: 20}, () => follow().catch((error: unknown) => errors.push(error))),
    );
    context.diagnostic(`${errors.length} errors`);
    assert.deepEqual(errors, []);
  });

  test(`22. DDL: ${what}: in transactions, at most one error per connection`, async (context) => {
    await using admin = createConnectionPool(postgres.url);
    await createTable(admin);
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: CONNECTIONS,
    });
    await warm(db);
    await admin.query(change);
    const failed = new Map<number, number>();
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        Array.from({length: CONNECTIONS}, async () => {
          let pid = 0;
          await db
            .tx(async (tx) => {
              const [session] = await tx.query(
                sql`SELECT pg_backend_pid() AS pid FROM pg_sleep(0.003)`,
              );
              pid = session.pid;
              await select(tx);
            })
            .catch(() => failed.set(pid, (failed.get(pid) ?? 0) + 1));
        }),
      );
    }
    context.diagnostic(`errors by connection: ${[...failed.values()].join(', ') || 'none'}`);
    for (const count of failed.values()) assert.equal(count, 1);
    assert.ok(failed.size <= CONNECTIONS);
  });
}
