/** TypeORM: makes a table from an entity, stores, finds, rolls back. */
import assert from 'node:assert/strict';
import {DataSource, EntitySchema} from 'typeorm';

const Person = new EntitySchema({
  name: 'typeorm_person',
  columns: {
    id: {type: Number, primary: true, generated: true},
    name: {type: String, unique: true},
    born: {type: 'timestamptz', nullable: true},
    tags: {type: 'text', array: true, default: '{}'},
  },
});

export default async function run(url) {
  const source = new DataSource({type: 'postgres', url, entities: [Person], synchronize: true});
  await source.initialize();
  const people = source.getRepository(Person);
  const born = new Date('1815-12-10T00:00:00Z');
  await people.save({name: 'Ada', born, tags: ['math']});
  assert.deepEqual(await people.findOneByOrFail({name: 'Ada'}), {
    id: 1,
    name: 'Ada',
    born,
    tags: ['math'],
  });
  await assert.rejects(people.insert({name: 'Ada'}), {code: '23505'});
  await assert.rejects(
    source.transaction(async (manager) => {
      await manager.getRepository(Person).clear();
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.equal(await people.count(), 1);
  await source.destroy();
}
