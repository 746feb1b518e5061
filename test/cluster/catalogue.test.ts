/** What others make and change in the database, and triggers do, is heeded within seconds, not at the next minute. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {poolOf, until, useReplicated} from '../support/replicated';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
const replicated = useReplicated(1);
/** What a session wrote is in the statistics when it ends, or with a commit a second later. */
const PATIENCE_MILLISECONDS = 20_000;

void test('a view that another program has changed is read on the primary', async () => {
  await using db = replicated.cluster();
  await db.query(sql`CREATE VIEW changed_elsewhere AS SELECT 1 AS one`);
  const read = sql`SELECT * FROM changed_elsewhere`;
  await until(async () => (await db.explain(read)).target === 'replica');
  {
    await using other = poolOf(replicated.servers.primary, {poolSize: 1});
    await other.query(
      sql`CREATE OR REPLACE VIEW changed_elsewhere AS SELECT 1 AS one WHERE pg_try_advisory_lock(1)`,
    );
  }
  await until(async () => (await db.explain(read)).target === 'primary', PATIENCE_MILLISECONDS);
  assert.equal((await db.explain(read)).rule, 'deniedName');
});

void test('a function that a trigger has made is not taken for a harmless one', async () => {
  await using db = replicated.cluster();
  await db.query(sql`
    CREATE TABLE makes (id int);
    CREATE FUNCTION triggered() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
    CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS $make$
      BEGIN
        EXECUTE 'CREATE OR REPLACE FUNCTION triggered() RETURNS int LANGUAGE sql VOLATILE AS ''SELECT 1''';
        RETURN NULL;
      END
    $make$;
    CREATE TRIGGER make AFTER INSERT ON makes EXECUTE FUNCTION make();
  `);
  const read = sql`SELECT triggered()`;
  await until(async () => (await db.explain(read)).target === 'replica');
  await db.query(sql`INSERT INTO makes VALUES (1)`);
  await until(async () => {
    await db.query(sql`UPDATE makes SET id = id`);
    return (await db.explain(read)).target === 'primary';
  }, PATIENCE_MILLISECONDS);
});
