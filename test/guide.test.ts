/** Every code block of docs/guide and the READMEs is executed here, page by page, against a real server. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import createConnectionPool from '@databases/pg';
import {readBlocks} from './support/guide-blocks';
import type {Block} from './support/guide-blocks';
import {GuideProject} from './support/guide-project';
import {useServer} from './support/server';

const root = resolve(__dirname, '../..');
const guide = readdirSync(join(root, 'docs/guide')).filter((name) => name.endsWith('.md'));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'packages/pg/README.md',
  'packages/pg-cluster/README.md',
  ...guide.map((name) => `docs/guide/${name}`),
];
const postgres = useServer();

interface Program {
  readonly block: Block;
  readonly path: string;
}

for (const page of pages) {
  test(`the code of ${page} does what the page says`, async () => {
    const blocks = readBlocks(page, readFileSync(join(root, page), 'utf8'));
    using project = new GuideProject();
    const programs = blocks.flatMap((block, index) => {
      const path = prepare(block, blocks[index - 1], project);
      return path === undefined ? [] : [{block, path, printed: blocks[index + 1]}];
    });
    assert.equal(project.compile(), '', `the TypeScript of ${page} does not compile`);
    const database = await postgres.server.createDatabase();
    for (const {block, path, printed} of programs) {
      await run({block, path}, printed, project, database.connectionString);
    }
    await database.drop();
  });
}

test('a block that nothing executes is an error', () => {
  assert.throws(() => readBlocks('page.md', '```ts skip\n```'), /page.md:2: "skip"/);
  assert.throws(() => readBlocks('page.md', '```ts\n'), /page.md:2: .* not closed/);
  using project = new GuideProject();
  for (const text of [
    '```\nx\n```',
    '```ts\nconsole.log(1);\n```',
    '```sh\nrm -rf /\n```',
    '```text output\nx\n```',
  ]) {
    const [block] = readBlocks('page.md', text);
    assert.ok(block);
    assert.throws(() => prepare(block, undefined, project), /page.md:2/);
  }
});

/** Brings a block into the project, or checks it at once. Gives the path of the program that it is. */
function prepare(
  block: Block,
  previous: Block | undefined,
  project: GuideProject,
): string | undefined {
  const {language, options, place, code} = block;
  if (options.testedBy !== undefined) {
    assert.ok(existsSync(join(root, options.testedBy)), `${place}: no ${options.testedBy}`);
    return undefined;
  }
  if (language === 'sh') return checkCommands(code, place);
  if (language === 'text' && options.output === true) {
    assert.ok(previous?.options.run === true, `${place}: this is the output of no program`);
    return undefined;
  }
  if (isSnippet(block)) return project.addSnippet(block);
  if (options.file !== undefined && ['ts', 'js', 'json'].includes(language)) {
    const path = project.addFile(block);
    return options.run === undefined ? undefined : path;
  }
  throw new Error(
    `${place}: nothing executes this block; say file=, run or output behind its language`,
  );
}

function isSnippet(block: Block | undefined): boolean {
  return block?.language === 'ts' && block.options.file === undefined;
}

async function run(
  {block, path}: Program,
  printed: Block | undefined,
  project: GuideProject,
  url: string,
): Promise<void> {
  const {run: how, env = 'DATABASE_URL', exit = 0} = block.options;
  const signal = typeof how === 'string' ? how : undefined;
  const ending = await project.run(path, {[env]: url, GUIDE_URL: url}, signal);
  assert.deepEqual(
    {code: ending.code, signal: ending.signal},
    {code: exit, signal: null},
    `${block.place}: ${ending.stderr}${ending.stdout}`,
  );
  if (printed?.options.output !== true) return;
  assert.equal(ending.stdout.trim(), printed.code.trim(), `${printed.place}: prints otherwise`);
}

/** Commands cannot all be run here; each is held to what it depends on. */
function checkCommands(code: string, place: string): undefined {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  for (const line of code.split('\n')) {
    const [, script] = /^npm (?:run )?(\w+)$/.exec(line) ?? [];
    const [, installed] = /^npm install (?:--save-dev )?@databases\/([\w-]+)$/.exec(line) ?? [];
    const [, bin] = /^(?:npx|.*\$\(npx) @databases\/([\w-]+) /.exec(line) ?? [];
    const [, url] = /^export DATABASE_URL=(postgres:\S+)$/.exec(line) ?? [];
    const name = installed ?? bin;
    if (/^npx tsc -b && node --test \S+$/.test(line)) {
      const built = line.slice(line.lastIndexOf(' ') + 1);
      assert.ok(existsSync(join(root, built)), `${place}: no ${built}`);
    } else if (script !== undefined) {
      assert.ok(manifest.includes(`"${script}": `), `${place}: no script ${script}`);
    } else if (name !== undefined) {
      assert.ok(existsSync(join(root, 'packages', name)), `${place}: no package ${name}`);
    } else if (url !== undefined) {
      // Throws for a string that cannot be understood; nothing is connected.
      void createConnectionPool(url).dispose();
    } else {
      throw new Error(`${place}: the guide's test does not know the command "${line}"`);
    }
  }
}
