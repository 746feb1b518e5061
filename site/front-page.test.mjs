import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {frontPage, readFigures} from './front-page.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const TABLE = `# Performance

How many times as fast as each peer ours was (above 1: ours is faster):

|       | postgres | Bun.SQL of Bun | pg   | psql |
| ----- | -------: | -------------: | ---: | ---: |
| point |     3.35 |           0.50 | 3.14 |    – |
| rows  |     2.00 |           1.23 | 3.86 |    – |
| tx    |     0.91 |           1.36 |    – | 0.10 |

Something else:

| point | 99 |
`;

test('a figure is the ratio to the best other client for Node, good or bad', () => {
  assert.deepEqual(
    readFigures(TABLE).map(({ratio}) => ratio),
    [3.14, 2, 0.91],
  );
});

test('a run that is not to be quoted is not quoted', () => {
  const short = TABLE.replace('# Performance\n', '# Performance\n\n**A short run (1 × 1 s)**\n');
  assert.deepEqual(readFigures(short), []);
  assert.doesNotMatch(frontPage(read('README.md'), short), /3\.14|3\.1×/);
});

test('a page without the table is an error', () => {
  assert.throws(() => readFigures('# Performance\n'), /point/);
});

test('the front page is made of the READMEs that are there', () => {
  const page = frontPage(read('README.md'), TABLE);
  assert.match(page, /^---\nlayout: home/);
  assert.match(page, /title: '3\.1×'/);
  assert.match(page, /npm install @databases\/pg/);
  assert.match(page, /npx @databases\/pg doctor/);
});
