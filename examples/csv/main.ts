/**
 * Writes a table to a CSV file, reads it back, and lets an import fail at its last line: see README.md.
 *
 *     node dist/main.js [how many rows]
 */
import {appendFile, mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseError} from '@databases/pg';
import {exportCsv, importCsv} from './csv';
import db, {sql} from './database';

const [rows = 500_000] = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'csv-'));
  const file = join(folder, 'readings.csv');
  try {
    await createTables();
    await exportCsv('readings', file);
    const {size} = await stat(file);
    console.log(`${rows} rows are ${(size / 1e6).toFixed(1)} MB of CSV`);
    console.log(
      `${await importCsv('copies', file)} rows were imported; ${await differing()} differ`,
    );
    await failAtTheEnd(file);
  } finally {
    await rm(folder, {recursive: true});
  }
}

async function createTables(): Promise<void> {
  await db.query(sql`
    DROP TABLE IF EXISTS readings, copies;
    CREATE TABLE readings (id INT NOT NULL, at TIMESTAMPTZ NOT NULL, value NUMERIC, note TEXT);
    CREATE TABLE copies (LIKE readings);
  `);
  // Quotes, commas, line ends and the difference between NULL and '' have to survive.
  await db.query(sql`
    INSERT INTO readings SELECT id, timestamptz '2026-01-01' + id * interval '1 s', id / 7.0,
      (ARRAY['fine', 'He said "no", twice', E'two\nlines', '', NULL])[1 + id % 5]
    FROM generate_series(1, ${rows}) AS id
  `);
}

async function differing(): Promise<number> {
  const [row] = await db.query(sql`
    SELECT count(*)::int AS rows FROM (TABLE readings EXCEPT ALL TABLE copies) AS missing
  `);
  return row.rows;
}

async function failAtTheEnd(file: string): Promise<void> {
  await db.query(sql`TRUNCATE copies`);
  await appendFile(file, 'not a number,2026-01-01,1,\n');
  try {
    await importCsv('copies', file);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    console.log(`refused: ${error.where}`);
  }
  const [stored] = await db.query(sql`SELECT count(*) AS rows FROM copies`);
  console.log(`${stored.rows} rows of it were stored`);
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
