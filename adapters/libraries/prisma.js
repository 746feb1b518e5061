/** The driver adapter of Prisma, called as Prisma calls it; the client itself needs an engine that is generated. */
import assert from 'node:assert/strict';
import {PrismaPg} from '@prisma/adapter-pg';
import pg from 'pg';

export default async function run(connectionString) {
  const pool = new pg.Pool({connectionString});
  const adapter = await new PrismaPg(pool).connect();
  const query = (sql, args = [], argTypes = []) => adapter.queryRaw({sql, args, argTypes});
  assert.deepEqual((await query('select 1 as a, 10000000000 as b, now() is not null as c')).rows, [
    [1, '10000000000', true],
  ]);
  await assert.rejects(query('select nope'), (error) => error.cause.kind === 'ColumnNotFound');
  const transaction = await adapter.startTransaction();
  await transaction.executeRaw({sql: 'create table prisma_t (id int)', args: [], argTypes: []});
  await transaction.executeRaw({sql: 'rollback', args: [], argTypes: []});
  await transaction.rollback();
  await assert.rejects(
    query('select * from prisma_t'),
    (error) => error.cause.kind === 'TableDoesNotExist',
  );
  await adapter.dispose();
  assert.ok(!pool.ended, 'a pool that was given stays open');
  await pool.end();
  const own = await new PrismaPg({connectionString}).connect();
  assert.equal((await own.queryRaw({sql: 'select 1', args: [], argTypes: []})).rows.length, 1);
  await own.dispose();
}
