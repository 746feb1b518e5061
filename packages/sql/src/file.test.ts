import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {createFileReader} from './file';
import sql = require('./index');

describe('sql.file', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sql-file-'));
  });
  after(() => rmSync(folder, {recursive: true}));

  test('makes a query of the text of a file, without its byte order mark', () => {
    const path = join(folder, 'a.sql');
    writeFileSync(path, "\uFEFF  SELECT 'größe';\n");
    assert.equal(sql.file(path).format(sql.pgFormat).text, "SELECT 'größe';");
  });

  test('fails as reading fails', () => {
    assert.throws(() => sql.file(join(folder, 'missing.sql')), {code: 'ENOENT'});
    assert.throws(() => Reflect.apply(sql.file, undefined, [5]), {code: 'SQL_INVALID_ARGUMENT'});
  });

  test('says what is missing where there is no file system', () => {
    const file = createFileReader(sql.__dangerous__rawValue, () => undefined);
    assert.throws(() => file('a.sql'), {
      code: 'SQL_NO_FILE_SYSTEM',
      message: /"a\.sql".*Node 20\.16/,
    });
  });
});
