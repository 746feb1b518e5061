/**
 * The programs of the matrix: each does what every program does with the client, connect, query, commit, roll back,
 * stream, and close, and then has to end by itself.
 */

const BODY = `
async function main() {
  const db = createConnectionPool();
  const [{ssl}] = await db.query(sql\`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()\`);
  check(ssl === (process.env.PGSSLMODE !== 'disable'), 'TLS');
  const table = 'matrix_' + process.pid + '_' + Date.now();
  const [row] = await db.query(sql\`SELECT \${'World'} AS hello, \${7n} AS seven, now() AS now\`);
  check(row.hello === 'World' && row.now instanceof Date, 'query');
  await db.tx(async (tx) => {
    await tx.query(sql\`CREATE TABLE \${sql.ident(table)} (n INT PRIMARY KEY)\`);
    await tx.query(sql\`INSERT INTO \${sql.ident(table)} SELECT generate_series(1, 1000)\`);
  });
  const failed = await db.tx(async (tx) => {
    await tx.query(sql\`DELETE FROM \${sql.ident(table)}\`);
    await tx.query(sql\`SELECT 1 / 0\`);
  }).catch((error) => error);
  check(failed instanceof PgError && failed.code === '22012', 'rollback');
  let sum = 0;
  for await (const {n} of db.queryStream(sql\`SELECT n FROM \${sql.ident(table)}\`)) sum += n;
  check(sum === 500500, 'stream');
  for await (const {n} of db.queryStream(sql\`SELECT n FROM \${sql.ident(table)}\`)) if (n > 10) break;
  await db.query(sql\`DROP TABLE \${sql.ident(table)}\`);
  await db.dispose();
  console.log('fine');
}
function check(holds, what) {
  if (!holds) throw new Error(what + ' is not right');
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
`;

const IMPORT = `import createConnectionPool, {PgError, sql} from '@databases/pg';\n`;
const PROCESS = `import process from 'node:process';\n`;
const REQUIRE = `const createConnectionPool = require('@databases/pg');
const {PgError, sql} = createConnectionPool;\n`;

const TYPED = `import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, Queryable, SQLQuery, Transaction} from '@databases/pg';
export const byId = (id: number) => sql\`SELECT * FROM users WHERE id = \${id}\`;
export const connect = () => createConnectionPool();
export const all: SQLQuery = sql\`SELECT 1 AS one\`;
export async function one(queryable: Queryable): Promise<unknown[]> {
  return queryable.query(all);
}
async function main(db: ConnectionPool): Promise<void> {
  const rows = await db.tx((transaction: Transaction) => one(transaction));
  await db.dispose();
  if (rows.length !== 1) throw new Error('no row');
  console.log('fine');
}
void main(connect());
`;

export const FILES = {
  'smoke.mjs': IMPORT + PROCESS + BODY,
  'smoke.cjs': REQUIRE + BODY,
  'smoke.mts': `// @ts-nocheck\n${IMPORT}${BODY}`,
  'smoke.cts': `// @ts-nocheck\n${REQUIRE}${BODY}`,
  'typed.mts': TYPED,
  'typed.cts': TYPED,
  'typed.ts': TYPED,
  'smoke.test.cjs': `test('smoke', async () => {
    const createConnectionPool = require('@databases/pg');
    const {sql} = createConnectionPool;
    const db = createConnectionPool();
    expect(await db.query(sql\`SELECT 1 AS one\`)).toEqual([{one: 1}]);
    await db.dispose();
  });`,
  'smoke.test.mjs': `import {expect, test} from 'vitest';
  import createConnectionPool, {sql} from '@databases/pg';
  test('smoke', async () => {
    const db = createConnectionPool();
    expect(await db.query(sql\`SELECT 1 AS one\`)).toEqual([{one: 1}]);
    await db.dispose();
  });`,
};
