import {expect, test} from 'vitest';
import createConnectionPool from '@databases/pg';
import {cloneDatabase} from '@databases/pg-test';
import {addUser, emails} from './users.mjs';

/** A test with a database of its own, as the migrations left it; it is dropped when the test is over. */
function testWithDatabase(name, body) {
  test.concurrent(name, async () => {
    const database = await cloneDatabase();
    const db = createConnectionPool(database.connectionString);
    try {
      await body(db);
    } finally {
      await db.dispose();
      await database.drop();
    }
  });
}

// Both add the same user, which one database would refuse the second time.
for (const round of ['first', 'second']) {
  testWithDatabase(`a user is added, ${round} time`, async (db) => {
    await addUser(db, 'grace@example.com');
    expect(await emails(db)).toEqual(['ada@example.com', 'grace@example.com']);
  });
}

testWithDatabase('two users cannot have one address', async (db) => {
  await expect(addUser(db, 'ada@example.com')).rejects.toMatchObject({code: '23505'});
});
