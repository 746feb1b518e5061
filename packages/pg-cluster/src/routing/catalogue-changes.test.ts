import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changeOfCatalogue} from './catalogue-changes';

const CHANGING = [
  'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'alter function f() volatile',
  '-- why\n/* and /* how */ */ DROP VIEW v',
  '/* a */ CREATE VIEW v AS SELECT 1',
  'INSERT INTO t VALUES (1); CREATE UNLOGGED TABLE u (id int)',
  'DO $$ BEGIN END $$; CREATE VIEW v AS SELECT 1',
];

const POSSIBLY_CHANGING = ['CALL p()', 'do $$ BEGIN END $$', '/* why */ SELECT 1; CALL p()'];

const NOT_CHANGING = [
  'INSERT INTO t VALUES (1)',
  "UPDATE t SET text = 'drop'",
  'SELECT 1 -- do not create',
  '/* create */ DELETE FROM t',
  'CREATE TEMP TABLE t (id int)',
  'create unique index on t (id)',
  '',
];

for (const text of CHANGING) {
  test(`changes the catalogue: ${JSON.stringify(text)}`, () => {
    assert.equal(changeOfCatalogue(text), 'certain');
  });
}

for (const text of POSSIBLY_CHANGING) {
  test(`may change the catalogue: ${JSON.stringify(text)}`, () => {
    assert.equal(changeOfCatalogue(text), 'possible');
  });
}

for (const text of NOT_CHANGING) {
  test(`leaves the catalogue as it is: ${JSON.stringify(text)}`, () => {
    assert.equal(changeOfCatalogue(text), 'none');
  });
}
