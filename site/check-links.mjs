/**
 * Follows every link of the built site that stays in it: to a file that is there, and to an element with that id.
 * VitePress itself fails for pages that do not exist; it does not look at what is behind the `#`.
 */
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join, posix} from 'node:path';

/**
 * @param {string} folder where the site was built
 * @param {string} base the path it is served under, with a slash at both ends
 * @returns {string[]} what is wrong, a line for each link
 */
export function findDeadLinks(folder, base = '/') {
  const pages = readdirSync(folder, {recursive: true})
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.html'));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const wrong = [];
  for (const [page, html] of texts) {
    for (const target of new Set(
      [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, url]) => url),
    )) {
      const problem = problemWith(target, {page, base, texts, folder});
      if (problem !== undefined) wrong.push(`${page}: ${target}: ${problem}`);
    }
  }
  return wrong;
}

function problemWith(target, {page, base, texts, folder}) {
  if (/^(?:[a-z]+:|\/\/)/.test(target)) return undefined;
  const url = new URL(target, `http://site${base}${page}`);
  if (!url.pathname.startsWith(base)) return `not under ${base}`;
  const path = decodeURIComponent(url.pathname.slice(base.length));
  const file = [path, `${path}.html`, posix.join(path, 'index.html')].find(
    (name) => texts.has(name) || (/\.\w+$/.test(name) && existsSync(join(folder, name))),
  );
  if (file === undefined) return 'no such page or file';
  const id = decodeURIComponent(url.hash.slice(1));
  if (id === '' || texts.get(file)?.includes(` id="${id}"`) !== false) return undefined;
  return `no "${id}" in ${file}`;
}
