/** A table to a CSV file and back, of any size: neither rows nor file are ever in memory as a whole. */
import {createReadStream, createWriteStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import db, {sql} from './database';
import {withProgress} from './progress';

const CSV = sql`WITH (FORMAT csv, HEADER)`;

export interface CsvOptions {
  /** Aborting it ends the copy on the server; of an import, nothing is stored then. */
  readonly signal?: AbortSignal;
}

export async function exportCsv(
  table: string,
  file: string,
  options: CsvOptions = {},
): Promise<void> {
  const [{rows}] = await db.query(sql`SELECT count(*) AS rows FROM ${sql.ident(table)}`);
  await withProgress(db, {label: `export ${table}`, table, total: rows, of: 'rows'}, () =>
    pipeline(
      db.copyTo(sql`COPY ${sql.ident(table)} TO STDOUT ${CSV}`, options),
      createWriteStream(file),
    ),
  );
}

/** Gives how many rows were stored: all of the file, or it rejects and there are none. */
export async function importCsv(
  table: string,
  file: string,
  options: CsvOptions = {},
): Promise<number> {
  const {size} = await stat(file);
  return withProgress(db, {label: `import ${table}`, table, total: size, of: 'bytes'}, () =>
    db.copyFrom(sql`COPY ${sql.ident(table)} FROM STDIN ${CSV}`, createReadStream(file), options),
  );
}
