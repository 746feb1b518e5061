/** The lists that lead to the pages of docs/guide name all of them: the sidebar of the site, and the README there. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import {readBlocks} from './support/guide-blocks';

const root = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const guide = readdirSync(join(root, 'docs/guide')).filter((name) => name.endsWith('.md'));

interface Group {
  readonly group: string;
  readonly pages: readonly string[];
}

function isGroup(value: unknown): value is Group {
  return (
    typeof value === 'object' &&
    value !== null &&
    'group' in value &&
    typeof value.group === 'string' &&
    'pages' in value &&
    Array.isArray(value.pages) &&
    value.pages.every((page) => typeof page === 'string')
  );
}

function readSidebar(): Group[] {
  const list: unknown = JSON.parse(read('site/sidebar.json'));
  assert.ok(Array.isArray(list));
  return list.map((group: unknown) => {
    assert.ok(isGroup(group));
    return group;
  });
}

test('the sidebar of the site has every page of the guide once', () => {
  const listed = readSidebar().flatMap(({pages}) => pages);
  assert.deepEqual(
    listed.filter((path) => path.startsWith('docs/guide/')).sort(),
    guide.map((name) => `docs/guide/${name}`).sort(),
    'put the page into site/sidebar.json',
  );
  for (const path of listed) assert.ok(existsSync(join(root, path)), path);
});

test('the list in docs/guide/README.md leads to every page of the guide', () => {
  const list = read('docs/guide/README.md');
  for (const name of guide) {
    if (name !== 'README.md') assert.ok(list.includes(`](${name})`), `${name} is not listed`);
  }
});

test('the first steps of the guide are those that are tried in an empty folder', () => {
  const tried = readBlocks('packages/pg/README.md', read('packages/pg/README.md'));
  const first = readBlocks('getting-started.md', read('docs/guide/getting-started.md')).filter(
    ({options}) => options.testedBy !== undefined,
  );
  assert.equal(first.length, 3);
  const lines = new Set(tried.flatMap(({code}) => code.split('\n')));
  for (const {code, place} of first) {
    for (const line of code.split('\n')) assert.ok(lines.has(line), `${place}: ${line}`);
  }
});
