import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {findDeadLinks} from './check-links.mjs';

const folder = mkdtempSync(join(tmpdir(), 'site-links-'));
after(() => rmSync(folder, {recursive: true}));
mkdirSync(join(folder, 'guide'));
writeFileSync(join(folder, 'style.css'), '');
writeFileSync(join(folder, 'guide/index.html'), '<h1 id="guide">');
writeFileSync(join(folder, 'guide/tls.html'), '<h2 id="modes"><a href="#modes">');

function deadIn(body, base = '/') {
  writeFileSync(join(folder, 'index.html'), body);
  return findDeadLinks(folder, base).filter((line) => line.startsWith('index.html'));
}

test('links to pages, headings, files and other sites are fine', () => {
  assert.deepEqual(
    deadIn(`<link href="/style.css"><a href="/guide/"><a href="/guide/tls#modes"><a href="./guide/tls.html">
      <a href="https://www.postgresql.org/nowhere"><a href="mailto:a@example.org">`),
    [],
  );
});

test('links to pages, headings and files that are not there are named', () => {
  for (const [link, why] of [
    ['/guide/tsl', /no such page/],
    ['/guide/tls#nodes', /no "nodes" in guide\/tls\.html/],
    ['/style2.css', /no such page or file/],
  ]) {
    const [line, ...more] = deadIn(`<a href="${link}">`);
    assert.match(line, why);
    assert.deepEqual(more, []);
  }
});

test('under a base, links have to begin with it', () => {
  assert.deepEqual(deadIn('<a href="/pg/guide/tls">', '/pg/'), []);
  assert.match(deadIn('<a href="/guide/tls">', '/pg/')[0], /not under \/pg\//);
});
