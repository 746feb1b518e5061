/**
 * `npm run matrix -- --sizes`: how many packages and bytes an install of each client brings, ours from its tarballs.
 * With --write the table goes into docs/design/packaging.md.
 */
import {mkdirSync, readFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../commands.mjs';

const PEERS = ['pg@8.23.1', 'postgres@3.4.9', '@databases/pg@6.1.0', 'slonik@49', 'pg-promise@12'];
const BEGIN = '<!-- written by npm run matrix -- --sizes --write -->';
const END = '<!-- end -->';

function filesUnder(folder) {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
    .map((entry) => join(entry.parentPath, entry.name));
}

function measure(project) {
  const lock = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'));
  const files = filesUnder(join(project, 'node_modules'));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return {packages: Object.keys(lock.packages).length, files: files.length, bytes};
}

/**
 * @param {(words: string[], cwd: string) => Promise<{code: number, output: string}>} npm
 * @param {string[]} ours tarballs
 */
export async function printSizes(folder, npm, ours, write) {
  const rows = [];
  for (const [index, peer] of [undefined, ...PEERS].entries()) {
    const project = join(folder, `size-${index}`);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"private": true}');
    const {code, output} = await npm(
      ['install', '--omit=optional', ...(peer === undefined ? ours : [peer])],
      project,
    );
    if (code !== 0) throw new Error(`${peer} could not be installed:\n${output}`);
    const {packages, files, bytes} = measure(project);
    const kibibytes = Math.round(bytes / 1024).toLocaleString('en');
    rows.push(
      `| ${peer ?? 'ours, with `@databases/sql`'} | ${packages} | ${files.toLocaleString('en')} | ${kibibytes} |`,
    );
  }
  const table = [
    '| | packages installed | files | KiB |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
  console.log(table);
  if (!write) return;
  const page = join(root, 'docs/design/packaging.md');
  const text = readFileSync(page, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before === -1 || after === -1) throw new Error(`${page} has no place for the table`);
  writeFileSync(
    page,
    `${text.slice(0, before + BEGIN.length)}\n\n${table}\n\n${text.slice(after)}`,
  );
}
