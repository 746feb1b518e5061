/** Drizzle: typed columns, a transaction that rolls back, prepared statements, raw SQL, migrations' way to ask. */
import assert from 'node:assert/strict';
import {eq, sql} from 'drizzle-orm';
import {drizzle} from 'drizzle-orm/node-postgres';
import {integer, jsonb, numeric, pgTable, serial, text, timestamp} from 'drizzle-orm/pg-core';
import pg from 'pg';

const orders = pgTable('drizzle_orders', {
  id: serial().primaryKey(),
  customer: text().notNull(),
  total: numeric({precision: 10, scale: 2}).notNull(),
  details: jsonb(),
  tags: text().array(),
  placedAt: timestamp('placed_at', {withTimezone: true, mode: 'date'}).notNull(),
  quantity: integer(),
});

export default async function run(connectionString) {
  const pool = new pg.Pool({connectionString});
  const db = drizzle(pool);
  await db.execute(sql`create table drizzle_orders (id serial primary key, customer text not null,
    total numeric(10, 2) not null, details jsonb, tags text[], placed_at timestamptz not null, quantity int)`);
  const order = {
    customer: 'Ada',
    total: '12.50',
    details: {gift: true},
    tags: ['new', 'a "b"'],
    placedAt: new Date('2026-01-02T03:04:05.678Z'),
    quantity: 2,
  };
  assert.deepEqual(await db.insert(orders).values(order).returning(), [{id: 1, ...order}]);
  assert.deepEqual(await db.select().from(orders).where(eq(orders.customer, 'Ada')), [
    {id: 1, ...order},
  ]);
  await assert.rejects(
    db.transaction(async (transaction) => {
      await transaction.delete(orders);
      assert.equal(await transaction.$count(orders), 0);
      transaction.rollback();
    }),
  );
  const byId = db
    .select()
    .from(orders)
    .where(eq(orders.id, sql.placeholder('id')))
    .prepare('drizzle_by_id');
  for (let time = 0; time < 3; time++) assert.equal((await byId.execute({id: 1})).length, 1);
  const {rows} = await db.execute(sql`select count(*)::int as n from drizzle_orders`);
  assert.deepEqual(rows, [{n: 1}]);
  await pool.end();
  // From a connection string it makes a pool of its own, of the class that "pg" has.
  const own = drizzle(connectionString);
  assert.ok(own.$client instanceof pg.Pool);
  assert.equal((await own.select().from(orders)).length, 1);
  await own.$client.end();
}
