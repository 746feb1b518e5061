/** connect-pg-simple: a session of express is stored, read, touched and destroyed. */
import assert from 'node:assert/strict';
import {promisify} from 'node:util';
import connect from 'connect-pg-simple';
import session from 'express-session';
import pg from 'pg';

export default async function run(connectionString) {
  const Store = connect(session);
  const pool = new pg.Pool({connectionString});
  const store = new Store({pool, createTableIfMissing: true, pruneSessionInterval: false});
  const call = (name, ...args) => promisify(store[name].bind(store))(...args);
  const stored = {cookie: {maxAge: 60_000, expires: new Date(Date.now() + 60_000)}, user: 'Ada'};
  await call('set', 'one', stored);
  assert.equal((await call('get', 'one')).user, 'Ada');
  await call('touch', 'one', stored);
  await call('destroy', 'one');
  assert.equal(await call('get', 'one'), undefined);
  await store.close();
  await pool.end();
  // From a connection string it makes a pool of its own.
  const own = new Store({conString: connectionString, pruneSessionInterval: false});
  assert.equal(await promisify(own.get.bind(own))('two'), undefined);
  await own.close();
}
