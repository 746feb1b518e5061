/**
 * The scripts of Postgres' own regression tests, out of Debian's source package: 30,000 statements that nobody wrote
 * with us in mind. They stay in a folder among the temporary ones, which the next run finds again.
 *
 * A script is read as far as a session that is not psql can make use of it: statements, COPY data and variables.
 */
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync} from 'node:fs';
import {rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {splitStatements} from '@databases/sql/lexer';

/** Debian 12's. The statements of one version are good enough for the servers of all. */
const RELEASE = 'bookworm';
const PACKAGE = 'postgresql-15';
/** They need psql, make folders that two servers on one machine would share, or look for the end of the stack. */
const LEFT_OUT = new Set(['tablespace', 'psql', 'psql_crosstab', 'infinite_recurse', 'stats']);

export interface ScriptStatement {
  readonly text: string;
  /** Takes what comes behind COPY FROM STDIN. Not called where the server refuses it, there are statements then. */
  copyData(): string;
}

/** The folder src/test/regress; undefined where it cannot be had. */
export function regressionFolder(): string | undefined {
  const folder = join(tmpdir(), `databases-pg-regress-${PACKAGE}`);
  if (existsSync(folder)) return folder;
  if (process.platform !== 'linux') return undefined;
  const place = mkdtempSync(join(tmpdir(), 'databases-regress-'));
  try {
    // Lists of their own: the machine's have no sources, and stay as they are.
    for (const part of ['lists/partial', 'out']) mkdirSync(join(place, part), {recursive: true});
    const list = join(place, 'sources.list');
    writeFileSync(list, `deb-src http://deb.debian.org/debian ${RELEASE} main\n`);
    const options = [
      ['Dir::Etc::SourceList', list],
      ['Dir::Etc::SourceParts', '-'],
      ['Dir::State::lists', join(place, 'lists')],
    ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    run(place, 'apt-get', ...options, '-qq', 'update');
    run(place, 'apt-get', ...options, '-qq', 'source', '--download-only', PACKAGE);
    const archive = readdirSync(place).find((name) => name.includes('.orig.tar'));
    if (archive === undefined) return undefined;
    const parts = ['sql/*.sql', 'data/*', 'parallel_schedule'];
    const wanted = parts.map((part) => `*/src/test/regress/${part}`);
    run(place, 'tar', 'xf', archive, '-C', 'out', '--strip-components=4', '--wildcards', ...wanted);
    if (!existsSync(join(place, 'out/parallel_schedule'))) return undefined;
    if (!existsSync(folder)) renameSync(join(place, 'out'), folder);
    return folder;
  } finally {
    rmSync(place, {recursive: true, force: true});
  }
}

function run(place: string, command: string, ...args: string[]): void {
  spawnSync(command, args, {cwd: place, stdio: 'ignore', timeout: 300_000});
}

/** In the order in which they have to run, because they use each other's tables. */
export function scriptNames(folder: string): string[] {
  const schedule = readFileSync(join(folder, 'parallel_schedule'), 'utf8');
  return [...schedule.matchAll(/^test:(.*)$/gm)]
    .flatMap(([, names = '']) => names.trim().split(/\s+/))
    .filter((name) => !LEFT_OUT.has(name) && existsSync(join(folder, 'sql', `${name}.sql`)));
}

export function* readScript(folder: string, name: string): Generator<ScriptStatement> {
  const variables = new Map<string, string>();
  let pending = '';
  const lines = readFileSync(join(folder, 'sql', `${name}.sql`), 'latin1').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*\\[a-z]/.test(line)) {
      const set = /^\\set (\w+) (.*)$/.exec(line);
      if (set !== null) variables.set(set[1] ?? '', valueOf(set[2] ?? '', folder));
      continue;
    }
    // A command of psql that runs what stands in front of it.
    pending += `${line.replace(/\\(?:g|gx|gset|gexec|gdesc|crosstabview)\b.*$/, ';')}\n`;
    if (!line.includes(';') && !line.includes('\\g')) continue;
    const statements = splitStatements(pending);
    const last = statements.at(-1);
    if (last === undefined || !/^\s*;/.test(pending.slice(last.end))) continue;
    for (const {start, end} of statements) {
      const text = fillIn(pending.slice(start, end), variables);
      yield {
        text,
        copyData() {
          const stop = lines.indexOf('\\.', at);
          if (stop === -1) return '';
          const data = lines.slice(at + 1, stop).map((each) => `${each}\n`);
          at = stop;
          return data.join('');
        },
      };
    }
    pending = '';
  }
}

/** `:abs_srcdir '/data/a.data'` */
function valueOf(expression: string, folder: string): string {
  return expression.replace(':abs_srcdir', folder).replaceAll(/[' ]/g, '');
}

function fillIn(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/:'(\w+)'/g, (whole, name: string) => {
    const value = variables.get(name);
    return value === undefined ? whole : `'${value}'`;
  });
}
