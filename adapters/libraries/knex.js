/** Knex: a table, an insert with an error, a transaction, a stream, all through its own pool. */
import assert from 'node:assert/strict';
import Knex from 'knex';

export default async function run(connection) {
  const knex = Knex({client: 'pg', connection, pool: {min: 0, max: 3}});
  await knex.schema.createTable('knex_people', (table) => {
    table.increments('id');
    table.string('name').unique();
    table.jsonb('data');
  });
  const rows = await knex('knex_people').insert(
    [{name: 'Ada', data: {a: 1}}, {name: 'Grace'}],
    ['id'],
  );
  assert.deepEqual(rows, [{id: 1}, {id: 2}]);
  await assert.rejects(knex('knex_people').insert({name: 'Ada'}), {code: '23505'});
  await assert.rejects(
    knex.transaction(async (transaction) => {
      await transaction('knex_people').delete();
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.deepEqual(await knex('knex_people').select('name', 'data').orderBy('id'), [
    {name: 'Ada', data: {a: 1}},
    {name: 'Grace', data: null},
  ]);
  assert.equal((await knex.raw('select ?::int as n', [5])).rows[0].n, 5);
  assert.equal(await knex('knex_people').where('id', 2).update({name: 'G'}), 1);
  await knex.destroy();
}
