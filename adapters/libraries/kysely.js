/** Kysely: queries, a transaction that rolls back, an error, and a stream through a cursor. */
import assert from 'node:assert/strict';
import {Kysely, PostgresDialect} from 'kysely';
import pg from 'pg';

export default async function run(connectionString) {
  const pool = new pg.Pool({connectionString, max: 3});
  const db = new Kysely({dialect: new PostgresDialect({pool, cursor: pg.Cursor})});
  await db.schema
    .createTable('kysely_person')
    .addColumn('id', 'serial', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .execute();
  const people = ['Ada', 'Grace', 'Edsger'].map((name) => ({name}));
  const inserted = await db.insertInto('kysely_person').values(people).returning('id').execute();
  assert.equal(inserted.length, 3);
  const updated = await db
    .updateTable('kysely_person')
    .set({name: 'Ada L.'})
    .where('id', '=', 1)
    .executeTakeFirst();
  assert.equal(updated.numUpdatedRows, 1n);
  await assert.rejects(
    db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('kysely_person').execute();
      await transaction
        .insertInto('kysely_person')
        .values([{name: 'x'}, {name: 'x'}])
        .execute();
    }),
    {code: '23505', constraint: 'kysely_person_name_key'},
  );
  const names = [];
  for await (const {name} of db.selectFrom('kysely_person').select('name').orderBy('id').stream(2))
    names.push(name);
  assert.deepEqual(names, ['Ada L.', 'Grace', 'Edsger']);
  for await (const row of db.selectFrom('kysely_person').selectAll().stream(1)) {
    assert.ok(row.id > 0);
    break;
  }
  assert.equal(pool.totalCount - pool.idleCount, 0, 'every connection was given back');
  await db.destroy();
  assert.ok(pool.ended);
}
