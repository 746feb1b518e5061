import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mayLeaveTraces} from './statement-traces';

for (const text of [
  "SELECT set_config('app.tenant', 'acme', false)",
  "SELECT pg_catalog.set_config('app.tenant', $1, $2)",
  `SELECT "set_config" ('app.tenant', (SELECT max(name) FROM names WHERE keep(true, false)), false)`,
  "SELECT set_config('a', 'b', true), set_config('c', 'd', false)",
  'SELECT pg_advisory_lock(1)',
  'SELECT pg_catalog.PG_TRY_ADVISORY_LOCK (1, 2) AS locked',
  'select pg_advisory_lock_shared /* a comment */ ($1)',
  'CREATE TEMP TABLE mine (id int)',
  'create or replace temporary view mine as select 1',
  'CREATE LOCAL TEMPORARY SEQUENCE mine',
  'SELECT 1 AS id INTO TEMP mine',
  'CREATE TABLE pg_temp.mine (id int)',
  'CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  `DO $$ BEGIN PERFORM 1; END $$`,
]) {
  test(`may leave something behind: ${text}`, () => {
    assert.equal(mayLeaveTraces(text), true);
  });
}

for (const text of [
  'SELECT 1',
  "SELECT set_config('app.tenant', $1, true)",
  "SELECT set_config('app.tenant', coalesce($1, 'x'), is_local => TRUE), 'false'",
  'SELECT pg_advisory_xact_lock(1)',
  'SELECT pg_advisory_unlock(1)',
  'CREATE TEMP TABLE mine (id int) ON COMMIT DROP',
  'SELECT temp, temporary FROM template WHERE temperature > $1',
  "SELECT 'pg_advisory_lock(1)', 'CREATE TEMP TABLE' -- set_config('a', 'b', false)",
  'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(1); END $$',
  'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING',
]) {
  test(`leaves nothing behind: ${text}`, () => {
    assert.equal(mayLeaveTraces(text), false);
  });
}
