/**
 * Which Markdown files of the repository are pages of the site, under which address, and in which order the
 * sidebar lists them. It reads names and headings, and writes nothing.
 *
 * Every page of the sidebar is one of the pages; a page need not be in the sidebar (designs, for example, are
 * found from their own list, and by searching).
 */
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

/** First match wins. A file that fits nothing is not a page. */
const ADDRESSES = [
  [/^README\.md$/, () => 'index.md'],
  [/^CHANGELOG\.md$/, () => 'changes.md'],
  [/^docs\/(?:(.*)\/)?README\.md$/, (folder) => `${folder}/index.md`],
  [/^docs\/(.*\.md)$/, (path) => path],
  [/^packages\/([^/]+)\/README\.md$/, (name) => `packages/${name}.md`],
  [/^examples\/README\.md$/, () => 'examples/index.md'],
  [/^examples\/([^/]+)\/README\.md$/, (name) => `examples/${name}.md`],
  [/^bench\/README\.md$/, () => 'bench.md'],
];

/** The address of a file's page, with `.md`. Undefined: the file is no page. */
export function addressOf(path) {
  for (const [pattern, address] of ADDRESSES) {
    const match = pattern.exec(path);
    if (match !== null) return address(match[1]);
  }
  return undefined;
}

export function addressOfImage(path) {
  return path.replace(/^docs\//, '');
}

/** The pictures that pages show. */
export function findImages(root) {
  return readdirSync(join(root, 'docs'), {recursive: true})
    .filter((name) => /\.(?:svg|png)$/.test(name))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);
}

/** @returns {Map<string, string>} the page's address for each file, from the root of the repository */
export function findPages(root) {
  const files = ['docs', 'packages', 'examples', 'bench', '.'].flatMap((folder) =>
    markdownIn(root, folder, folder === '.' ? 0 : 3),
  );
  return new Map(
    files.flatMap((path) => {
      const address = addressOf(path);
      return address === undefined ? [] : [[path, address]];
    }),
  );
}

function markdownIn(root, folder, depth) {
  return readdirSync(join(root, folder), {withFileTypes: true}).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth === 0 || ['node_modules', 'dist', '.cache'].includes(entry.name)) return [];
      return markdownIn(root, path, depth - 1);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The list that decides what is in the sidebar. A test holds it against docs/guide. */
export function readSidebar(root) {
  return JSON.parse(readFileSync(join(root, 'site/sidebar.json'), 'utf8'));
}

/** The sidebar as VitePress takes it; a page is called what its first heading says. */
export function sidebarOf(root) {
  return readSidebar(root).map(({group, pages}) => ({
    text: group,
    collapsed: group === 'Providers',
    items: pages.map((path) => ({
      text: titleOf(readFileSync(join(root, path), 'utf8'), path),
      link: `/${addressOf(path).replace(/(?:index)?\.md$/, '')}`,
    })),
  }));
}

/** @throws {Error} for a page without a first heading */
export function titleOf(markdown, path) {
  const [, title] = /^# (.*)$/m.exec(markdown) ?? [];
  if (title === undefined) throw new Error(`${path} has no heading of the first level`);
  return title.replaceAll('`', '');
}
