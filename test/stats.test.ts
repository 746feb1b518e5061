import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';
import {gate} from './support/gate';

const database = useDatabase();

test('stats() tells what each connection of the pool does, and what waits', async (context) => {
  const db = database.pool({poolSize: 2});
  const nothing = {total: 0, idle: 0, leased: 0, busy: 0, connecting: 0, waiting: 0, max: 2};
  assert.deepEqual(db.stats(), nothing);

  const [held, entered] = [gate(), gate()];
  const end = new AbortController();
  context.after(() => {
    held.open();
    end.abort();
  });
  const task = db.task(async () => {
    entered.open();
    await held.opened;
  });
  await eventually('it connects', () => db.stats().connecting === 1);
  await entered.opened;
  assert.deepEqual(db.stats(), {...nothing, total: 1, leased: 1});

  const query = db.query(sql`SELECT pg_sleep(600)`, {signal: end.signal});
  await eventually('a second connection works on the query', () => db.stats().busy === 1);
  const waiting = db.task(() => Promise.resolve());
  await eventually('a task waits', () => db.stats().waiting === 1);
  assert.equal(db.stats().total, 2);

  held.open();
  end.abort();
  await assert.rejects(query, {name: 'AbortError'});
  await Promise.all([task, waiting]);
  await eventually('both are idle', () => db.stats().idle === 2);
  assert.deepEqual(db.stats(), {...nothing, total: 2, idle: 2});

  await db.dispose();
  assert.deepEqual(db.stats(), nothing);
});
