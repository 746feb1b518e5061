/*
 * The site is built with one command, from a copy of what it is made of: no link of it is dead, its sidebar has the
 * pages of the guide, and its search finds them. Where VitePress cannot be installed, or not in time, nothing is tested.
 */
import assert from 'node:assert/strict';
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {before, describe, test} from 'node:test';
import {root, run} from './support/command';
import {useFolder} from './support/consumer';

/** Half a minute is usual for both together, on a machine with nothing else to do. */
const INSTALL_MILLISECONDS = 60_000;
const MADE = /(?:^|\/)(?:node_modules|dist|\.cache|results)(?:\/|$)/;
const copy = useFolder();
const out = join(copy.path, 'site/dist');
const guide = readdirSync(join(root, 'docs/guide')).filter((name) => name.endsWith('.md'));

function copyParts(): void {
  for (const part of [
    'README.md',
    'CHANGELOG.md',
    'docs',
    'packages',
    'examples',
    'bench/README.md',
    'site',
    'tools',
  ]) {
    mkdirSync(dirname(join(copy.path, part)), {recursive: true});
    cpSync(join(root, part), join(copy.path, part), {
      recursive: true,
      filter: (from) => !MADE.test(from.slice(root.length)),
    });
  }
}

/** Of one page, without what is common to all: the names of its title and the address. */
function pageOf(name: string): string {
  const path = name === 'README.md' ? 'index.html' : name.replace(/md$/, 'html');
  return readFileSync(join(out, 'guide', path), 'utf8');
}

/** Asked for here because nothing is wrong with the site when the registry cannot be reached. */
async function install(): Promise<string | undefined> {
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const {code, output} = await run('npm', args, join(copy.path, 'site'), {}, INSTALL_MILLISECONDS);
  return code === 0 ? undefined : `VitePress cannot be installed: ${output}`;
}

describe('npm run site', {timeout: 170_000}, () => {
  let missing: string | undefined;
  before(async () => {
    copyParts();
    missing = await install();
    if (missing !== undefined) return;
    const {code, output} = await run(process.execPath, ['site/build.mjs'], copy.path);
    assert.equal(code, 0, output);
  });

  test('makes a page of every page of the guide, and leads to all of them from each', (t) => {
    if (missing !== undefined) return t.skip(missing);
    const sidebar = pageOf('queries.md');
    for (const name of guide) {
      assert.ok(
        existsSync(join(out, 'guide', name.replace(/md$/, 'html'))) || name === 'README.md',
      );
      const link = name === 'README.md' ? '/guide/' : `/guide/${name.replace('.md', '')}`;
      assert.ok(sidebar.includes(`href="${link}"`), `${link} is not in the sidebar`);
    }
  });

  test('shows the file of a block, and colours its language', (t) => {
    if (missing !== undefined) return t.skip(missing);
    const html = pageOf('managing-connections.md');
    assert.match(html, /<label[^>]*>database\.ts<\/label>/);
    assert.match(html, /class="language-ts[^"]*"/);
    assert.ok(!html.includes('file=database.ts'));
  });

  test('has an index to search in, with every page', (t) => {
    if (missing !== undefined) return t.skip(missing);
    const chunks = join(out, 'assets/chunks');
    const file = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndexroot'));
    assert.ok(file, 'no index');
    const index = readFileSync(join(chunks, file), 'utf8');
    for (const name of guide) {
      const page = name === 'README.md' ? '/guide/' : `/guide/${name.replace('.md', '')}`;
      assert.ok(index.includes(`"${page}#`) || index.includes(`"${page}"`), `${page} is not in it`);
    }
  });
});
