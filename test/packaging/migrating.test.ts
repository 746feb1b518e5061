/*
 * The programs of the pages about migrating: each with the published package that it is written for, as a reader
 * would install it. What a page shows as printed is what is printed.
 */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, test} from 'node:test';
import {readBlocks} from '../support/guide-blocks';
import type {Block} from '../support/guide-blocks';
import {useServer} from '../support/server';
import {root, run} from './support/command';
import {useConsumer} from './support/consumer';
import type {Consumer} from './support/consumer';

const THIS = 'test/packaging/migrating.test.ts';
const postgres = useServer();
const ours = useConsumer(['sql', 'pg']);

/** The page, what it migrates from, and how many programs it shows. */
const PAGES = [
  ['migrating-from-pg.md', ['pg@8.23.1', 'pg-query-stream@4.17.0'], 2],
  ['migrating-from-postgres.md', ['postgres@3.4.9'], 2],
  ['migrating-from-databases-pg.md', ['@databases/pg@6.1.0'], 2],
] as const;

for (const [page, packages, programs] of PAGES) {
  describe(page, () => {
    const theirs = useConsumer([], packages);
    const blocks = readBlocks(page, readFileSync(join(root, 'docs/guide', page), 'utf8'));
    const shown = blocks.flatMap((block, index) => examplesOf(block, blocks.slice(index + 1)));

    test('every block is a program or what it prints', () => {
      assert.equal(shown.length, programs);
      for (const {place, options} of blocks) assert.equal(options.testedBy, THIS, place);
    });

    for (const {block, side, output} of shown) {
      test(`${block.options.file} prints with ${side} what the page says`, async () => {
        const database = await postgres.server.createDatabase();
        const printed = await print(side === 'ours' ? ours : theirs, block, {
          DATABASE_URL: database.connectionString,
        });
        assert.equal(printed.trim(), output?.code.trim(), output?.place ?? block.place);
        await database.drop();
      });
    }
  });
}

interface Example {
  readonly block: Block;
  readonly side: 'theirs' | 'ours';
  readonly output: Block | undefined;
}

/** `before/` is written for the other package, `after/` for ours, `both/` for both: two outputs follow it. */
function examplesOf(block: Block, following: readonly Block[]): Example[] {
  const [first, second] = following.filter(({options}) => options.output === true);
  const folder = block.options.file?.split('/')[0];
  if (folder === 'before') return [{block, side: 'theirs', output: first}];
  if (folder === 'after') return [{block, side: 'ours', output: first}];
  if (folder !== 'both') return [];
  return [
    {block, side: 'theirs', output: first},
    {block, side: 'ours', output: second},
  ];
}

async function print(
  consumer: Consumer,
  {options, code, place}: Block,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const file = basename(options.file ?? '');
  consumer.write({[file]: code});
  const finished = await run(process.execPath, [file], consumer.folder, env);
  assert.equal(finished.code, 0, `${place}: ${finished.output}`);
  return finished.stdout;
}
