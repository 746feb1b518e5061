/** The lists in docs/guide name what is there in the code: all of it, and nothing else. */
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import * as pg from '@databases/pg';

const root = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The names in the first column of the tables between two headings. */
function namesInTables(page: string, from: string, to: string): string[] {
  const text = read(page);
  const start = text.indexOf(`\n## ${from}\n`);
  const end = text.indexOf(`\n## ${to}\n`);
  assert.ok(start >= 0 && end > start, `${page} has no section from ${from} to ${to}`);
  return [...text.slice(start, end).matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '');
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

function isErrorClass(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  return value === pg.PgError || Object.getPrototypeOf(value) === pg.PgError;
}

test('errors.md names every error class', () => {
  const classes = Object.entries(pg)
    .filter(([, value]) => isErrorClass(value))
    .map(([name]) => name);
  assert.equal(classes.length, 10);
  assert.deepEqual(
    sorted(namesInTables('docs/guide/errors.md', 'The classes', 'The codes')),
    sorted(classes),
  );
});

test('errors.md names every code with its class', () => {
  // The codes are types, so only the source has a list of them.
  const folder = 'packages/pg/src/errors';
  const codes = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('-error.ts') && name !== 'database-error.ts')
    .flatMap((name) => {
      const source = read(`${folder}/${name}`);
      const className = /class (\w+) extends PgError/.exec(source)?.[1] ?? name;
      return [...source.matchAll(/'((?:PG_|CONNECTION_POOL:)[A-Z_]+)'/g)].map(
        (match) => `${match[1]} ${className}`,
      );
    });
  const documented = [
    ...read('docs/guide/errors.md').matchAll(/^\| `([A-Z_:]+)` +\| `(\w+Error)` +\|/gm),
  ].map((match) => `${match[1]} ${match[2]}`);
  assert.deepEqual(sorted(documented), sorted([...new Set(codes)]));
});

test('errors.md names every field of a server error, and the right SQLSTATEs', () => {
  const page = read('docs/guide/errors.md');
  const {code: _code, sent: _sent, ...fields} = new pg.DatabaseError({message: 'x'});
  const list = page.slice(page.indexOf('all that Postgres says:'), page.indexOf('. `name` is'));
  const named = [...list.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');
  assert.deepEqual(sorted(named), sorted(Object.keys(fields)));

  const states = [...page.matchAll(/^\| `([0-9A-Z]{5})` +\| `(\w+)`/gm)];
  assert.ok(states.length > 5);
  const codes = new Map<string, string>(Object.entries(pg.SQLErrorCode));
  for (const [, state, name = ''] of states) assert.equal(codes.get(name), state, name);
});

test('connection-options.md names every option', () => {
  const source = read('packages/pg/src/config/pool-options.ts');
  const list = /const known: [^{]*\{([^}]*)\}/.exec(source)?.[1] ?? '';
  const options = [...list.matchAll(/(\w+): true/g)].map((match) => match[1] ?? '');
  assert.ok(options.length > 30);
  const tables = namesInTables('docs/guide/connection-options.md', 'Where', 'TLS');
  assert.deepEqual(sorted(tables), sorted(options));
});

test('transactions.md names every option of tx()', () => {
  const source = read('packages/pg/src/client/api/queryable.ts');
  const type = /interface TransactionOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
  const options = [...type.matchAll(/^ {2}readonly (\w+)\?:/gm)].map((match) => match[1] ?? '');
  assert.ok(options.length > 5);
  const tables = namesInTables('docs/guide/transactions.md', 'Options', 'After the commit');
  assert.deepEqual(sorted(tables), sorted(options));
});
