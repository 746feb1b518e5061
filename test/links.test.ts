/** Links in all Markdown of the repository lead to files that are there, and to headings that are in them. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {test} from 'node:test';

const root = resolve(__dirname, '../..');

/** What is made, or is not ours. */
const ELSEWHERE = new Set(['node_modules', 'dist', '.git', '.cache', 'results', 'soak-results']);

function markdownIn(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ELSEWHERE.has(entry.name) ? [] : markdownIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without the code: what looks like a link or a heading there is none. */
function prose(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1`*$/gm, '')
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, (code) => code.replaceAll(/[[\]()<>]/g, '-'));
}

/** As GitHub makes them: the second heading of a name gets `-1`. */
function anchorsOf(file: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = readFileSync(file, 'utf8')
    .replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1`*$/gm, '')
    .matchAll(/^#{1,6} +(.*?) *#*$/gm);
  return new Set(
    [...headings].map(([, heading = '']) => {
      const slug = heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

function problemWith(target: string, file: string): string | undefined {
  const [path = '', anchor] = target.split('#', 2);
  const place = path === '' ? file : join(dirname(file), decodeURIComponent(path));
  if (!existsSync(place)) return 'no such file';
  if (anchor === undefined) return undefined;
  if (statSync(place).isDirectory() || !place.endsWith('.md')) return undefined;
  return anchorsOf(place).has(anchor) ? undefined : `no heading #${anchor} there`;
}

const files = markdownIn(root);

test('links in Markdown lead somewhere', () => {
  const dead = files.flatMap((file) =>
    [...prose(file).matchAll(/\]\((?![a-z]+:)<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].flatMap(
      ([, target = '']) => {
        const problem = problemWith(target, file);
        return problem === undefined ? [] : [`${relative(root, file)}: ${target}: ${problem}`];
      },
    ),
  );
  assert.deepEqual(dead, []);
});

test('the Markdown that is looked at is that of all parts', () => {
  const looked = new Set(files.map((file) => relative(root, file)));
  for (const part of ['README.md', 'docs/guide/queries.md', 'packages/pg/README.md']) {
    assert.ok(looked.has(part), part);
  }
});
