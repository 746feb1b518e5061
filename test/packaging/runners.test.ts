/*
 * The set-up files of @databases/pg-test in Vitest, Jest and node:test as programs have them: configured as the guide
 * says, installed from tarballs, every runner really running.
 */
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {before, describe, test} from 'node:test';
import {readBlocks} from '../support/guide-blocks';
import {root, run} from './support/command';
import type {Finished} from './support/command';
import {useConsumer} from './support/consumer';

const program = useConsumer(['sql', 'pg', 'pg-test'], ['vitest@4.1.12', 'jest@30.2.0'], {
  // The runners' own native parts, and the Postgres, are optional dependencies.
  optional: true,
});

const page = readFileSync(join(root, 'docs/guide/testing.md'), 'utf8');
const blocks = readBlocks('testing.md', page);

function ofGuide(file: string): string {
  const block = blocks.find(({options}) => options.file === file);
  assert.ok(block, `the guide has ${file}`);
  return block.code;
}

const MIGRATE = `
const createConnectionPool = require('@databases/pg');
const {sql} = createConnectionPool;
const db = createConnectionPool();
db.query(sql\`CREATE TABLE users (id INT PRIMARY KEY, name TEXT NOT NULL); INSERT INTO users VALUES (1, 'Ada')\`)
  .then(() => db.dispose());
`;

/** Two files with this would disturb each other in one database. */
const FILE = `
test('begins with what the migrations left', async () => {
  const db = createConnectionPool();
  same(await db.query(sql\`SELECT id FROM users\`), [{id: 1}]);
  await db.query(sql\`INSERT INTO users VALUES (2, 'Grace')\`);
  await db.dispose();
});
`;

const TRANSACTIONS = `
const pool = createConnectionPool();
const db = transactionPerTest(pool, {beforeEach, afterEach});
afterAll(() => pool.dispose());
for (const round of [1, 2]) test('round ' + round, async () => {
  await db.tx((transaction) => transaction.query(sql\`INSERT INTO users VALUES (2, 'Grace')\`));
  same(await db.query(sql\`SELECT id FROM users ORDER BY id\`), [{id: 1}, {id: 2}]);
});
test('a database of its own', async () => {
  const own = await cloneDatabase();
  const db = createConnectionPool(own.connectionString);
  same(await db.query(sql\`SELECT id FROM users\`), [{id: 1}]);
  await db.dispose();
  await own.drop();
});
`;

const FAILING = `
test('fails', async () => {
  const db = createConnectionPool();
  try {
    await db.query(sql\`INSERT INTO users VALUES (1, 'Eve')\`);
  } finally {
    await db.dispose();
  }
});
`;

const IMPORTS = `import createConnectionPool, {sql} from '@databases/pg';
import {cloneDatabase, transactionPerTest} from '@databases/pg-test';\n`;

const PRELUDES = {
  jest: `const createConnectionPool = require('@databases/pg');
    const {sql} = createConnectionPool;
    const {cloneDatabase, transactionPerTest} = require('@databases/pg-test');
    const same = (actual, expected) => expect(actual).toEqual(expected);\n`,
  vitest: `${IMPORTS}import {afterAll, afterEach, beforeEach, expect, test} from 'vitest';
    const same = (actual, expected) => expect(actual).toEqual(expected);\n`,
  node: `${IMPORTS}import {after as afterAll, afterEach, beforeEach, test} from 'node:test';
    import {deepEqual as same} from 'node:assert/strict';\n`,
};

const NAMES = {
  jest: (name: string) => `${name}.test.js`,
  vitest: (name: string) => `${name}.vitest.test.mjs`,
  node: (name: string) => `${name}.node.test.mjs`,
};

const LOGGED = /What Postgres logged meanwhile:\n.* worker_\w+ ERROR: .*duplicate key/;
const MIGRATIONS = {PG_TEST_MIGRATIONS_SCRIPT: 'node migrate.js', DATABASE_URL: ''};

before(() => {
  const files: Record<string, string> = {
    'migrate.js': MIGRATE,
    'vitest.config.mjs': ofGuide('vitest.config.mjs'),
    'jest.config.js': ofGuide('jest.config.js'),
    'global-setup.mjs': ofGuide('global-setup.mjs'),
  };
  for (const runner of ['jest', 'vitest', 'node'] as const) {
    const body = {a: FILE, b: FILE, transactions: TRANSACTIONS, failing: FAILING};
    for (const [name, text] of Object.entries(body)) {
      files[NAMES[runner](name)] = PRELUDES[runner] + text;
    }
  }
  program.write(files);
});

function tool(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const file = join(program.folder, 'node_modules', name);
  return run(process.execPath, [file, ...args], program.folder, env);
}

/** One of the files fails; of it alone, the log is shown. */
function check({code, output}: Finished, summary: RegExp): void {
  assert.equal(code, 1, output);
  assert.match(output, summary);
  assert.equal(output.match(/What Postgres logged/g)?.length, 1, output);
  assert.match(output, LOGGED);
}

const FILES = ['a', 'b', 'transactions', 'failing'];

describe('Vitest', () => {
  for (const pool of ['forks', 'threads']) {
    test(`gives each file a database, and a failed test the server's log, in ${pool}`, async () => {
      const args = ['run', '--pool', pool, ...FILES.map(NAMES.vitest)];
      check(await tool('vitest/vitest.mjs', args, MIGRATIONS), /Tests +1 failed \| 5 passed/);
    });
  }

  test('takes options from a set-up file of the program', async () => {
    const config = ofGuide('vitest.config.mjs').replace(
      /\['.*globalSetup'\]/,
      "'global-setup.mjs'",
    );
    program.write({
      'own.config.mjs': config,
      'options.vitest.test.mjs': `${PRELUDES.vitest}
        test('version', async () => {
          const db = createConnectionPool();
          const [{version}] = await db.query(sql\`SELECT version()\`);
          expect(version).toMatch(/^PostgreSQL 16/);
          expect(await db.query(sql\`SELECT * FROM users\`)).toEqual([]);
          await db.dispose();
        });`,
    });
    const args = ['run', '--config', 'own.config.mjs', 'options.vitest.test.mjs'];
    const {code, output} = await tool('vitest/vitest.mjs', args, {DATABASE_URL: ''});
    assert.equal(code, 0, output);
  });
});

test("Jest gives each file a database, and a failed file the server's log", async () => {
  const args = ['--runTestsByPath', ...FILES.map(NAMES.jest)];
  check(await tool('jest/bin/jest.js', args, MIGRATIONS), /Tests: +1 failed, 5 passed/);
});

test("node --test gives each file a database, and a failed file the server's log", async () => {
  const command = ['node', '--import', '@databases/pg-test/node', '--test'];
  const args = ['run', '--', ...command, '--test-reporter=spec', ...FILES.map(NAMES.node)];
  const finished = await tool('@databases/pg-test/bin/pg-test.js', args, MIGRATIONS);
  check(finished, /pass 5\n.* fail 1\n/);
});

test('a file of node:test that is run alone has a server to itself', async () => {
  const args = ['--import', '@databases/pg-test/node', NAMES.node('a')];
  const {code, output} = await run(process.execPath, args, program.folder, MIGRATIONS);
  assert.equal(code, 0, output);
});

describe('examples/database-per-test', () => {
  before(() => {
    const example = join(root, 'examples/database-per-test');
    const files = readdirSync(example).filter((name) => name.endsWith('.mjs'));
    for (const name of files) {
      // The other tests of Vitest have one of that name.
      const target = name === 'vitest.config.mjs' ? 'example.config.mjs' : name;
      program.write({[target]: readFileSync(join(example, name), 'utf8')});
    }
  });
  const migrations = {PG_TEST_MIGRATIONS_SCRIPT: 'node migrate.mjs', DATABASE_URL: ''};

  test('passes in node:test', async () => {
    const command = ['node', '--import', '@databases/pg-test/node', '--test'];
    const args = ['run', '--', ...command, '--test-reporter=spec', 'users.node.test.mjs'];
    const {code, output} = await tool('@databases/pg-test/bin/pg-test.js', args, migrations);
    assert.equal(code, 0, output);
    assert.match(output, /pass 3\n/);
  });

  test('passes in Vitest', async () => {
    const args = ['run', '--config', 'example.config.mjs', 'users.vitest.test.mjs'];
    const {code, output} = await tool('vitest/vitest.mjs', args, migrations);
    assert.equal(code, 0, output);
    assert.match(output, /Tests +3 passed/);
  });
});
