import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nameOf, toSite} from './markdown.mjs';

const pages = new Map([
  ['docs/guide/queries.md', 'guide/queries.md'],
  ['docs/guide/README.md', 'guide/index.md'],
  ['docs/reliability.md', 'reliability.md'],
  ['packages/sql/README.md', 'packages/sql.md'],
  ['CHANGELOG.md', 'changes.md'],
]);
const place = {path: 'docs/guide/queries.md', pages};

/** Lines of a page; `'''` stands for a fence. */
const page = (...lines) => lines.join('\n').replaceAll("'''", '```');

test('links between pages lead to the addresses of the site', () => {
  for (const [link, there] of [
    ['[x](../../packages/sql/README.md)', '[x](./../packages/sql.md)'],
    ['[x](../../packages/sql)', '[x](./../packages/sql.md)'],
    ['[x](README.md#top)', '[x](./index.md#top)'],
    ['[`a[0]` x](../reliability.md)', '[`a[0]` x](./../reliability.md)'],
    ['![plot](one.svg)', '![plot](./one.svg)'],
    ['[x](https://www.postgresql.org/docs)', '[x](https://www.postgresql.org/docs)'],
    ['[x](#here)', '[x](#here)'],
  ]) {
    assert.equal(toSite(link, place), there);
  }
});

test('links to files that are no pages go to the repository, or are text where nobody said where that is', () => {
  const link = 'see [the test](../../test/query.test.ts).';
  assert.equal(toSite(link, place), 'see the test.');
  const repository = 'https://example.org/pg/blob/main';
  assert.equal(
    toSite(link, {...place, repository}),
    `see [the test](${repository}/test/query.test.ts).`,
  );
});

test('a block is called what its info string names as its file', () => {
  assert.deepEqual(nameOf('ts file=main.ts run env=URL'), {language: 'ts', title: 'main.ts'});
  assert.deepEqual(nameOf('text output'), {language: 'text', title: 'prints'});
  assert.deepEqual(nameOf('sh tested-by=test/x.test.ts'), {language: 'sh', title: undefined});
  assert.equal(
    toSite(page("'''ts file=main.ts run", '[x](y.md)', "'''", 'then'), place),
    page('::: code-group', "'''ts [main.ts]", '[x](y.md)', "'''", ':::', 'then'),
  );
});

const TWICE = [
  '**TypeScript**',
  '',
  "'''ts file=main.ts run",
  'one',
  "'''",
  '',
  "'''text output",
  '1',
  "'''",
  '',
  '**JavaScript**',
  '',
  "'''js file=main.js run",
  'two',
  "'''",
  '',
  "'''text output",
];

test('the same in TypeScript and JavaScript is two tabs, with what both print once', () => {
  assert.equal(
    toSite(page('Before.', '', ...TWICE, '1', "'''", '', 'After.'), place),
    page(
      'Before.',
      '',
      '',
      '::: code-group',
      "'''ts [main.ts]",
      'one',
      "'''",
      "'''js [main.js]",
      'two',
      "'''",
      ':::',
      '',
      '::: code-group',
      "'''text [prints]",
      '1',
      "'''",
      ':::',
      '',
      'After.',
    ),
  );
});

test('programs that print different things stay apart', () => {
  const shown = toSite(page(...TWICE, '2', "'''"), place);
  assert.equal(shown.match(/::: code-group/g)?.length, 4);
  assert.match(shown, /\*\*JavaScript\*\*/);
});

test('comments go, and braces are no expressions', () => {
  assert.equal(toSite('<!-- generated -->\n{{ x }}', place), '&#123;&#123; x }}');
});
