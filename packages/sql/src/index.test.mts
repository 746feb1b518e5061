/* The package as programs load it. Also a test of its types: it must compile. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire, isBuiltin} from 'node:module';
import {describe, test} from 'node:test';
import sqlDefault, {
  escapeIdentifier,
  isSqlQuery,
  pgFormat,
  sql,
  SQLItemType,
  type FormatConfig,
  type SQL,
  type SQLItem,
  type SQLQuery,
} from '@databases/sql';
import {splitStatements, tokenize} from '@databases/sql/lexer';
import sqlWeb, {sql as sqlWebByName} from '@databases/sql/web';

const require = createRequire(import.meta.url);

describe('the package', () => {
  test('is the tag itself, the same one for require and import, with everything on it', () => {
    const required: unknown = require('@databases/sql');
    assert.equal(required, sql);
    assert.equal(sqlDefault, sql);
    assert.ok(typeof required === 'function');
    for (const [name, value] of Object.entries({
      default: sql,
      sql,
      isSqlQuery,
      SQLItemType,
      pgFormat,
      escapeIdentifier,
    })) {
      assert.equal(Reflect.get(required, name), value);
    }
    assert.equal(SQLItemType[SQLItemType.IDENTIFIER], 'IDENTIFIER');
  });

  test('has types for what it makes', () => {
    const tag: SQL = sql;
    const query: SQLQuery = tag`SELECT ${1}`;
    const config: FormatConfig = pgFormat;
    const items: readonly SQLItem[] = query.format((all) => all);
    assert.equal(items.length, 2);
    assert.deepEqual(query.format(config), {text: 'SELECT $1', values: [1]});
  });

  test('has an entry for browsers, without file, with the same queries', () => {
    assert.equal(sqlWeb, sqlWebByName);
    assert.ok('file' in sql && !('file' in sqlWeb));
    assert.ok(isSqlQuery(sqlWeb`a`));
  });

  test('has an entry for the lexer', () => {
    assert.equal(tokenize('SELECT 1').length, 3);
    assert.equal(splitStatements('a;b').length, 2);
  });

  test('takes queries of another copy of itself for what they are', () => {
    const copy: unknown = loadCopy();
    assert.ok(typeof copy === 'function' && copy !== sql);
    const flat: unknown = Reflect.apply(copy, undefined, [strings`a = ${0}`, 1]);
    const nested: unknown = Reflect.apply(copy, undefined, [strings`(${0})`, flat]);
    assert.ok(isSqlQuery(flat) && isSqlQuery(nested));
    assert.deepEqual(sql`WHERE ${nested} OR ${sql.join([flat, flat], ' OR ')}`.format(pgFormat), {
      text: 'WHERE (a = $1) OR a = $2 OR a = $3',
      values: [1, 1, 1],
    });
  });
});

function strings(template: TemplateStringsArray, ..._values: unknown[]): TemplateStringsArray {
  return template;
}

/** Loads the package a second time, as when two versions of it are installed. */
function loadCopy(): unknown {
  const loaded = Object.keys(require.cache).filter((file) => file.includes('/packages/sql/dist/'));
  const kept = loaded.map((file) => [file, require.cache[file]] as const);
  for (const file of loaded) Reflect.deleteProperty(require.cache, file);
  try {
    return require('@databases/sql');
  } finally {
    for (const [file, module] of kept) require.cache[file] = module;
  }
}

/** The modules a built file requires, and those these require. */
function reachable(file: string, found = new Set<string>()): Set<string> {
  found.add(file);
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/require\(["'](.+?)["']\)/g)) {
    if (isBuiltin(target) || !target.startsWith('.')) {
      found.add(target);
      continue;
    }
    const path = createRequire(file).resolve(target);
    if (!found.has(path)) reachable(path, found);
  }
  return found;
}

for (const entry of ['@databases/sql', '@databases/sql/web', '@databases/sql/lexer']) {
  test(`nothing reachable from ${entry} imports a Node module or a package`, () => {
    const files = [...reachable(require.resolve(entry))];
    assert.ok(files.length > 3);
    assert.deepEqual(
      files.filter((file) => !file.startsWith('/')),
      [],
    );
  });
}
