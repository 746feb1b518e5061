/**
 * `npm run site`: the guide as a site, in site/dist. Installs what it needs, writes the pages as VitePress wants
 * them to site/.cache/pages, builds, and follows all links.
 *
 * `-- --preview` serves what was built. SITE_BASE is the path it will be served under (default /),
 * SITE_REPOSITORY the URL under which the files of the repository can be read; without it, links to files that
 * are no pages are left out.
 */
import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {endCommandsWithThisProcess, root, run} from '../tools/commands.mjs';
import {needsInstall} from '../tools/installed.mjs';
import {findDeadLinks} from './check-links.mjs';
import {frontPage} from './front-page.mjs';
import {toSite} from './markdown.mjs';
import {addressOfImage, findImages, findPages} from './pages.mjs';

const site = join(root, 'site');
const prepared = join(site, '.cache/pages');
const base = process.env['SITE_BASE'] ?? '/';
const repository = process.env['SITE_REPOSITORY'];

async function must(command, args) {
  const {code} = await run(command, args);
  if (code !== 0) process.exit(code);
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** Written anew as a whole: a page that was renamed must not stay. */
function prepare() {
  rmSync(prepared, {recursive: true, force: true});
  const pages = findPages(root);
  for (const [path, address] of pages) {
    const markdown =
      path === 'README.md' ? frontPage(read(path), read('docs/guide/performance.md')) : read(path);
    write(address, toSite(markdown, {path, pages, repository}));
  }
  for (const path of findImages(root)) {
    const place = join(prepared, addressOfImage(path));
    mkdirSync(dirname(place), {recursive: true});
    copyFileSync(join(root, path), place);
  }
  return pages.size;
}

function write(address, text) {
  const place = join(prepared, address);
  mkdirSync(dirname(place), {recursive: true});
  writeFileSync(place, text);
}

endCommandsWithThisProcess();
if (needsInstall(site)) {
  // --ignore-scripts: the tools' native parts are packages of their own, and nothing else wants to run.
  await must('npm', ['install', '--prefix', 'site', '--ignore-scripts', '--no-audit', '--no-fund']);
}
const count = prepare();
const vitepress = join(site, 'node_modules/vitepress/bin/vitepress.js');
await must('node', [vitepress, 'build', 'site']);
const dead = findDeadLinks(join(site, 'dist'), base);
if (dead.length > 0) {
  console.error(`Links that lead nowhere:\n${dead.join('\n')}`);
  process.exit(1);
}
console.log(
  `${count} pages in site/dist${existsSync(join(site, 'dist/index.html')) ? '' : ', but no first page'}`,
);
if (process.argv.includes('--preview')) await must('node', [vitepress, 'preview', 'site']);
