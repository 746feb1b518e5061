/* The packages installed from their tarballs into a program, loaded in every way programs do. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {build} from 'esbuild';
import {property, root, run, succeed, toolFile} from './support/command';
import {useConsumer} from './support/consumer';

// --ignore-scripts and --omit=optional: none of them may be needed to use these.
const program = useConsumer(
  ['sql', 'pg', 'pg-cluster', 'pg-otel', 'pg-compat'],
  ['typescript@5.9.3', '@types/node@20.19.43'],
);

const URL = 'postgres://localhost/database';

describe('require', () => {
  test('gives the factory itself, with the rest on it and as its default', async () => {
    const {code, output} = await program.node(
      {
        'required.cjs': `
          const createConnectionPool = require('@databases/pg');
          const assert = require('node:assert/strict');
          assert.equal(typeof createConnectionPool, 'function');
          assert.equal(createConnectionPool.default, createConnectionPool);
          assert.equal(createConnectionPool.sql, require('@databases/sql'));
          assert.equal(typeof createConnectionPool('${URL}').query, 'function');
          assert.equal(typeof createConnectionPool('${URL}').inspector(), 'function');
        `,
      },
      'required.cjs',
    );
    assert.equal(code, 0, output);
  });

  test('loads few files, few more with the first pool, and the rest when it is asked for', async () => {
    const {code, output} = await program.node(
      {
        'loaded.cjs': `
          const assert = require('node:assert/strict');
          const {basename} = require('node:path');
          const loaded = () =>
            Object.keys(require.cache).filter((path) => path.includes('@databases')).map((path) => basename(path));
          const createConnectionPool = require('@databases/pg');
          assert.ok(loaded().length <= 6, loaded().join(' '));
          const db = createConnectionPool('${URL}');
          assert.ok(loaded().length <= 9, loaded().join(' '));
          const later = (name) => loaded().some((file) => file.startsWith(name + '-'));
          for (const [name, ask] of [
            ['session-streams', () => db.queryStream(createConnectionPool.sql\`SELECT 1\`)],
            ['session-copies', () => db.copyTo(createConnectionPool.sql\`COPY t TO STDOUT\`).destroy()],
            ['create-listener', () => db.listen('c', () => {}).catch(() => {})],
          ]) {
            assert.equal(later(name), false, name);
            ask();
            assert.equal(later(name), true, name);
          }
          void db.dispose();
        `,
      },
      'loaded.cjs',
    );
    assert.equal(code, 0, output);
  });

  test('gives the factory of clusters, which takes the pools of the installed package', async () => {
    const {code, output} = await program.node(
      {
        'cluster.cjs': `
          const assert = require('node:assert/strict');
          const connect = require('@databases/pg');
          const createCluster = require('@databases/pg-cluster');
          assert.equal(createCluster.default, createCluster);
          const db = createCluster(connect('${URL}'), connect('${URL}'));
          assert.match(createCluster.renderNodes(db.nodes()), /primary .* unproven/);
          const isUsageError = (error) => error instanceof connect.UsageError;
          assert.throws(() => createCluster({hosts: []}), isUsageError);
          db.dispose();
        `,
      },
      'cluster.cjs',
    );
    assert.equal(code, 0, output);
  });
});

test('spans are made with the installed @opentelemetry/api, by require and import alike', async () => {
  const {code, output} = await program.node(
    {
      'traced.mjs': `
        import assert from 'node:assert/strict';
        import {createRequire} from 'node:module';
        import {instrument} from '@databases/pg-otel';
        const require = createRequire(import.meta.url);
        assert.equal(require('@databases/pg-otel').instrument, instrument);
        assert.equal(typeof require('@opentelemetry/api').trace.getTracer, 'function');
        instrument().stop();
      `,
    },
    'traced.mjs',
  );
  assert.equal(code, 0, output);
});

test('the facade is one object, by require and import and from the paths that libraries load', async () => {
  const {code, output} = await program.node(
    {
      'facade.mjs': `
        import assert from 'node:assert/strict';
        import {createRequire} from 'node:module';
        import pg, {Client, Pool, prepareValue} from '@databases/pg-compat';
        const load = createRequire(import.meta.url);
        const required = load('@databases/pg-compat');
        assert.equal(required.default, pg);
        assert.equal(required.Pool, Pool);
        assert.equal(pg.Pool, Pool);
        const lib = (name) => load('@databases/pg-compat/lib/' + name);
        assert.equal(lib('client'), Client);
        assert.equal(lib('client.js'), Client);
        assert.equal(lib('defaults'), pg.defaults);
        assert.equal(lib('index').Pool, Pool);
        assert.equal(lib('query'), pg.Query);
        assert.equal(lib('result'), pg.Result);
        assert.equal(lib('type-overrides'), pg.TypeOverrides);
        assert.equal(lib('utils').prepareValue, prepareValue);
        await new Pool('${URL}').end();
      `,
    },
    'facade.mjs',
  );
  assert.equal(code, 0, output);
});

describe('import', () => {
  test('gives the same instance as require, whole and by names', async () => {
    const {code, output} = await program.node(
      {
        'imported.mjs': `
          import assert from 'node:assert/strict';
          import {createRequire} from 'node:module';
          import createConnectionPool, * as named from '@databases/pg';
          import sqlDefault, {sql} from '@databases/sql';
          const required = createRequire(import.meta.url)('@databases/pg');
          assert.equal(createConnectionPool, required);
          assert.equal(named.sql, required.sql);
          assert.equal(named.sql, sql);
          assert.equal(sqlDefault, sql);
          for (const name of Object.keys(required)) assert.equal(named[name], required[name], name);
          import createCluster, * as cluster from '@databases/pg-cluster';
          const requiredCluster = createRequire(import.meta.url)('@databases/pg-cluster');
          assert.equal(createCluster, requiredCluster);
          for (const name of Object.keys(requiredCluster)) {
            assert.equal(cluster[name], requiredCluster[name], name);
          }
        `,
      },
      'imported.mjs',
    );
    assert.equal(code, 0, output);
  });

  test('with a pool that nobody uses lets the program end by itself', async () => {
    const {code, output} = await program.node(
      {'ends.mjs': `import connect from '@databases/pg'; connect('${URL}');`},
      'ends.mjs',
    );
    assert.equal(code, 0, output);
  });
});

const TYPED_PROGRAM = `
import createConnectionPool, {SQLErrorCode, isSQLError, sql} from '@databases/pg';
import type {ConnectionPool, Queryable, SQLQuery, Transaction} from '@databases/pg';

import createCluster, {renderNodes} from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import {instrument} from '@databases/pg-otel';
import type {InstrumentOptions} from '@databases/pg-otel';

// Without a type of their own, so that the declaration file has to name those of the package.
export const byId = (id: number) => sql\`SELECT * FROM users WHERE id = \${id}\`;
export const connect = () => createConnectionPool('${URL}');

export const spread = () => createCluster({hosts: ['a:1', 'b:2']}, {consistency: 'eventual'});
export const table = (cluster: Cluster): string => renderNodes(cluster.nodes());

export const observe = (options: InstrumentOptions) => instrument(options);

export const all: SQLQuery = sql\`SELECT * FROM users\`;
export async function names(queryable: Queryable): Promise<unknown[]> {
  return await queryable.query(all);
}
export async function insert(pool: ConnectionPool): Promise<void> {
  await pool.tx(async (transaction: Transaction) => transaction.query(byId(1)));
}
export function isTaken(error: unknown): boolean {
  return isSQLError(error) && error.code === SQLErrorCode.UNIQUE_VIOLATION;
}
if (typeof connect().query !== 'function' || isTaken(all)) throw new Error('not what it should be');
`;

interface Mode {
  readonly name: string;
  readonly file: string;
  readonly emitted: string | undefined;
  readonly flags: string;
}

const MODES: Mode[] = [
  {name: 'nodenext, ESM', file: 'a.mts', emitted: 'a.mjs', flags: '--module nodenext'},
  {name: 'nodenext, CommonJS', file: 'b.cts', emitted: 'b.cjs', flags: '--module nodenext'},
  {name: 'node16, ESM', file: 'c.mts', emitted: 'c.mjs', flags: '--module node16'},
  {name: 'node16, CommonJS', file: 'd.cts', emitted: 'd.cjs', flags: '--module node16'},
  {
    name: 'bundler',
    file: 'e.ts',
    // For a bundler, not for Node.
    emitted: undefined,
    flags: '--module esnext --moduleResolution bundler',
  },
  {
    name: 'commonjs with esModuleInterop',
    file: 'f.ts',
    emitted: 'f.js',
    flags: '--module commonjs --esModuleInterop',
  },
];

const COMPILERS = [
  {
    name: 'TypeScript 5.9',
    file: () => `${program.folder}/node_modules/typescript/bin/tsc`,
    modes: [
      ...MODES,
      // Not in TypeScript 7 any more, but in many programs.
      {
        name: 'commonjs without esModuleInterop, classic resolution of Node 10',
        file: 'g.ts',
        emitted: 'g.js',
        flags: '--module commonjs --moduleResolution node10 --esModuleInterop false',
      },
    ],
  },
  {name: 'TypeScript 7', file: () => toolFile('typescript', 'tsc'), modes: MODES},
];

for (const compiler of COMPILERS) {
  describe(`${compiler.name} compiles, and writes declarations that name our types`, () => {
    for (const {name, file, emitted, flags} of compiler.modes) {
      test(name, async () => {
        program.write({[file]: TYPED_PROGRAM});
        const checks = '--strict --declaration --target es2022 --lib es2023,esnext.disposable';
        const args = `${checks} --types node --skipLibCheck false ${flags} ${file}`.split(' ');
        const {code, output} = await run(
          process.execPath,
          [compiler.file(), ...args],
          program.folder,
        );
        assert.equal(code, 0, output);
        if (emitted !== undefined) await succeed(process.execPath, [emitted], program.folder);
      });
    }
  });
}

test('only our own packages come along, and the API that pg-otel is a part of', async () => {
  const printed = await succeed(
    'npm',
    ['ls', '--omit=dev', '--all', '--parseable'],
    program.folder,
  );
  const installed = printed
    .split('\n')
    .flatMap((path) => path.split('/node_modules/').slice(1))
    .sort((a, b) => a.localeCompare(b));
  assert.deepEqual(installed, [
    '@databases/pg',
    '@databases/pg-cluster',
    '@databases/pg-compat',
    '@databases/pg-otel',
    '@databases/sql',
    '@opentelemetry/api',
  ]);
});

test('@databases/sql bundles for browsers without any module of Node', async () => {
  program.write({
    'browser.mjs': `import sql, {pgFormat} from '@databases/sql';
      console.log(JSON.stringify(sql\`SELECT \${1}\`.format(pgFormat)));`,
  });
  // Platform browser: an import of a Node module would be an error here.
  const bundle = await build({
    entryPoints: [`${program.folder}/browser.mjs`],
    bundle: true,
    platform: 'browser',
    metafile: true,
    logLevel: 'silent',
    outfile: `${program.folder}/browser.bundle.js`,
  });
  const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports);
  assert.deepEqual(imports, []);
  const printed = await succeed(process.execPath, ['browser.bundle.js'], program.folder);
  const formatted: unknown = JSON.parse(printed);
  assert.equal(property(formatted, 'text'), 'SELECT $1');
});

test('a program bundled for Node, to either module system, has the factory and what is loaded later', async () => {
  const use = `
    if (typeof sql !== 'function') process.exit(1);
    const db = connect('${URL}');
    db.queryStream(sql\`SELECT 1\`);
    db.copyTo(sql\`COPY t TO STDOUT\`).destroy();
    db.listen('channel', 'no function').then(
      () => process.exit(1),
      (error) => process.exit(error.code === 'PG_INVALID_ARGUMENT' ? 0 : 1),
    );`;
  program.write({
    'server.mjs': `import connect, {sql} from '@databases/pg'; ${use}`,
    'server.cjs': `const connect = require('@databases/pg'); const {sql} = connect; ${use}`,
  });
  for (const [entry, format, out] of [
    ['server.mjs', 'cjs', 'bundle-1.cjs'],
    ['server.cjs', 'cjs', 'bundle-2.cjs'],
    ['server.mjs', 'esm', 'bundle-3.mjs'],
  ] as const) {
    await build({
      entryPoints: [`${program.folder}/${entry}`],
      bundle: true,
      platform: 'node',
      format,
      // esbuild leaves the `require` of Node's modules as it is, and modules of ECMAScript have none.
      ...(format === 'esm' && {
        banner: {
          js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
        },
      }),
      logLevel: 'silent',
      outfile: `${program.folder}/alone/${out}`,
    });
    await succeed(process.execPath, [`alone/${out}`], program.folder);
  }
});

test('npx @databases/pg finds the doctor', async () => {
  const url = 'postgres://me@localhost:port/db';
  const {code, output} = await run(
    'npx',
    ['--offline', '@databases/pg', 'doctor', url],
    program.folder,
  );
  assert.equal(code, 1);
  assert.match(output, /✗ configuration/);
});

test('npx @databases/pg-cluster finds watch', async () => {
  const {code, output} = await run(
    'npx',
    ['--offline', '@databases/pg-cluster', 'watch', '127.0.0.1:1', '--user', 'me', '--once'],
    program.folder,
  );
  assert.equal(code, 1);
  assert.match(output, /^127\.0\.0\.1:1 +unknown +ejected .* nothing: .*ECONNREFUSED/m);
});

test('the tests here use what is installed, not the workspace', async () => {
  const {stdout} = await program.node(
    {'where.cjs': `console.log(require.resolve('@databases/pg'))`},
    'where.cjs',
  );
  assert.ok(stdout.startsWith(program.folder) && !stdout.startsWith(root), stdout);
});
