import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {addressOf, findPages, sidebarOf, titleOf} from './pages.mjs';
import {slugOf} from './slug.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

test('files have addresses that do not say where they lie in the repository', () => {
  assert.equal(addressOf('README.md'), 'index.md');
  assert.equal(addressOf('docs/guide/README.md'), 'guide/index.md');
  assert.equal(addressOf('docs/guide/tls.md'), 'guide/tls.md');
  assert.equal(addressOf('packages/pg/README.md'), 'packages/pg.md');
  assert.equal(addressOf('examples/failover/README.md'), 'examples/failover.md');
  assert.equal(addressOf('tools/README.md'), undefined);
});

test('no two files have the same address', () => {
  const addresses = [...findPages(root).values()];
  assert.equal(new Set(addresses).size, addresses.length);
});

test('every entry of the sidebar leads to a page, and is called what its heading says', () => {
  const addresses = new Set(findPages(root).values());
  const entries = sidebarOf(root).flatMap(({items}) => items);
  for (const {text, link} of entries) {
    const [, path = ''] = /^\/(.*)$/.exec(link) ?? [];
    assert.ok(
      addresses.has(path === '' || path.endsWith('/') ? `${path}index.md` : `${path}.md`),
      link,
    );
    assert.notEqual(text, '');
  }
  assert.ok(entries.some(({text, link}) => text === 'Queries' && link === '/guide/queries'));
});

test('a page needs a heading', () => {
  assert.equal(titleOf('# `pg` and\n\n# more', 'a.md'), 'pg and');
  assert.throws(() => titleOf('text', 'a.md'), /a\.md/);
});

test('headings have the addresses that they have on GitHub', () => {
  assert.equal(slugOf('7.0.0 (not released)'), '700-not-released');
  assert.equal(slugOf("What is `left` behind, it's here"), 'what-is-left-behind-its-here');
  assert.equal(slugOf('Größe – und so'), 'größe--und-so');
});
