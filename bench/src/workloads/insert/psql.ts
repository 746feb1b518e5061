/**
 * What `psql` takes to `\copy` the same rows from a file, text and binary: by its own `\timing`, so without
 * its start and its connecting. Expects the table to be full.
 */
import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {median} from '../../statistics';

const execute = promisify(execFile);
const repetitions = 3;

/** No figures where there is no `psql`. */
export async function psqlCopyFigures(url: string): Promise<Readonly<Record<string, number>>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-insert-'));
  try {
    return {
      psqlTextMilliseconds: await copyMilliseconds(url, join(folder, 'rows.txt'), 'text'),
      psqlBinaryMilliseconds: await copyMilliseconds(url, join(folder, 'rows.bin'), 'binary'),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  } finally {
    await rm(folder, {recursive: true});
  }
}

async function copyMilliseconds(
  url: string,
  file: string,
  format: 'text' | 'binary',
): Promise<number> {
  const copy = (direction: string) =>
    `\\copy insert_item ${direction} '${file}' WITH (FORMAT ${format})`;
  await psql(url, [copy('TO')]);
  const times: number[] = [];
  for (let run = 0; run < repetitions; run++) {
    const output = await psql(url, ['TRUNCATE insert_item', '\\timing on', copy('FROM')]);
    const [, milliseconds] = /Time: ([\d.]+) ms/.exec(output) ?? [];
    if (milliseconds === undefined) throw new Error(`psql said ${output}`);
    times.push(Number(milliseconds));
  }
  return median(times);
}

async function psql(url: string, commands: readonly string[]): Promise<string> {
  const line = commands.flatMap((command) => ['-c', command]);
  const {stdout} = await execute('psql', ['-X', '-v', 'ON_ERROR_STOP=1', ...line, url]);
  return stdout;
}
