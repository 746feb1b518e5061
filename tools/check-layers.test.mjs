import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {checkLayers} from './check-layers.mjs';
import {FOLDERS as INNER_FOLDERS, LAYERS} from './layers.mjs';
import {readImports} from './read-imports.mjs';

const FOLDERS = Object.keys(LAYERS).map((layer) => [`packages/pg/src/${layer}/index.ts`, '']);
FOLDERS.push(['packages/pg/src/protocol/testing/index.ts', '']);

/** Checks files given as an object of texts by path, among empty folders of packages/pg. */
function check(files) {
  return checkLayers(new Map([...FOLDERS, ...Object.entries(files)]));
}

function lines(count) {
  return '// line\n'.repeat(count);
}

describe('imports are read', () => {
  const cases = [
    [`import a from './a';`, './a', false],
    [`import a, {b} from './a';`, './a', false],
    [`import * as fc from 'fast-check';`, 'fast-check', false],
    [`import './a';`, './a', false],
    [`import {\n  a,\n  b,\n} from './a';`, './a', false],
    [`import type {A} from './a';`, './a', true],
    [`import {type A, type B} from './a';`, './a', true],
    [`import {type A, b} from './a';`, './a', false],
    [`export {a} from './a';`, './a', false],
    [`export * from './a';`, './a', false],
    [`export type {A} from './a';`, './a', true],
    [`import a = require('./a');`, './a', false],
    [`const a = await import('./a');`, './a', false],
    [`const a = require('./a');`, './a', false],
    [`let a: import('./a').A;`, './a', true],
    [`let a: typeof import('./a');`, './a', true],
  ];
  for (const [text, specifier, typeOnly] of cases) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(readImports(`${text}\n`), [{specifier, line: 1, typeOnly}]);
    });
  }

  test('but not from comments, and not what merely follows an export', () => {
    const text = [
      ` * import a from './a';`,
      `// require('./b')`,
      `export const from = 'x';`,
      `export type {A};`,
      `const c = 1; // see import('./c')`,
      `import d from './d';`,
    ].join('\n');
    assert.deepEqual(readImports(text), [{specifier: './d', line: 6, typeOnly: false}]);
  });
});

describe('arrows point down', () => {
  const allowed = [
    ['packages/pg/src/client/a.ts', `import {b} from '../connection';`],
    ['packages/pg/src/client/a.ts', `import {b} from '@databases/sql/lexer';`],
    ['packages/pg/src/connection/a.ts', `import {b} from '../protocol/framing/frame-decoder';`],
    ['packages/pg/src/index.ts', `import {b} from './client';`],
    ['packages/pg/src/client/streams/a.ts', `import {b} from '../queries/b';`],
    ['packages/pg/src/client/streams/a.test.ts', `import {b} from '../pools/b';`],
    ['packages/pg/src/client/a.ts', `import {b} from './pools/b';`],
    ['packages/pg/src/connection/transport/open-socket.ts', `import {connect} from 'node:net';`],
    ['packages/pg/src/config/ssl.ts', `import type {ConnectionOptions} from 'node:tls';`],
    ['packages/pg/src/config/a.test.ts', `import {readFileSync} from 'node:fs';`],
    ['packages/pg/src/pool/a.test.ts', `import {b} from '../protocol/testing';`],
    ['packages/pg/src/pool/a.test.ts', `import * as fc from 'fast-check';`],
    ['packages/pg-test/src/a.ts', `import {connect} from 'node:net';`],
    ['packages/pg-cluster/src/a.ts', `import pg from '@databases/pg';`],
    ['packages/pg-test/index.mjs', `import b from './dist/index.js';`],
    ['test/a.test.ts', `import {b} from '../packages/pg/src/protocol';`],
  ];
  const refused = [
    ['packages/pg/src/errors/a.ts', `import {b} from '../protocol';`, 'errors may not import'],
    ['packages/pg/src/protocol/a.ts', `import {b} from '../types';`, 'protocol may not import'],
    ['packages/pg/src/types/a.ts', `import type {B} from '../protocol';`, 'types may not import'],
    ['packages/pg/src/pool/a.ts', `import {b} from '../config';`, 'pool may not import'],
    ['packages/pg/src/client/a.ts', `import {b} from '../protocol';`, 'client may not import'],
    ['packages/pg/src/client/a.ts', `import {b} from '..';`, 'client may not import'],
    ['packages/pg/src/client/a.ts', `import {b} from '../machine-sources';`, 'stands above'],
    ['packages/pg/src/client/a.ts', `import b from '@databases/pg';`, 'imports its own package'],
    ['packages/pg/src/config/a.ts', `import sql from '@databases/sql';`, 'config may not import'],
    ['packages/pg/src/pool/a.test.ts', `import {b} from '../config';`, 'pool may not import'],
    ['packages/pg/src/pool/a.ts', `import {b} from '../protocol/testing';`, 'for tests only'],
    ['packages/pg/src/protocol/a.ts', `import {b} from './testing';`, 'for tests only'],
    ['packages/pg/src/client/a.ts', `import {connect} from 'node:net';`, 'node:net outside'],
    ['packages/pg/src/client/a.ts', `import {connect} from 'tls';`, 'node:tls outside'],
    [
      'packages/pg/src/config/a.ts',
      `import {rm} from 'node:fs/promises';`,
      'config, which is pure',
    ],
    ['packages/pg/src/protocol/a.ts', `import {setTimeout} from 'timers';`, 'which is pure'],
    ['packages/pg/src/client/a.ts', `import zod from 'zod';`, 'zod in packages/pg'],
    ['packages/sql/src/a.ts', `import {readFileSync} from 'node:fs';`, 'also runs in browsers'],
    ['packages/sql/src/a.ts', `import pg from '@databases/pg';`, 'packages/sql may not import'],
    ['packages/pg-test/src/a.ts', `import pg from '@databases/pg';`, 'pg-test may not import'],
    ['packages/pg/src/client/a.ts', `import b from '../../../sql/src/b';`, 'by their names'],
    [
      'packages/pg/src/client/queries/a.ts',
      `import type {B} from '../streams/b';`,
      'queries may not import streams',
    ],
    ['packages/pg/src/client/queries/a.ts', `import {b} from '../create-pool';`, 'stands above'],
    [
      'packages/pg-cluster/src/health/a.ts',
      `import {b} from '../calls/b';`,
      'may not import calls',
    ],
    ['packages/pg/src/client/things/a.ts', ``, 'client/things has no place yet'],
    ['packages/pg-next/src/a.ts', ``, 'packages/pg-next has no place yet'],
    ['packages/pg/src/driver/a.ts', ``, 'packages/pg/src/driver has no place yet'],
  ];
  for (const [path, text] of allowed) {
    test(`${path} may: ${text}`, () => assert.deepEqual(check({[path]: text}), []));
  }
  for (const [path, text, reason] of refused) {
    test(`${path} may not: ${text}`, () => {
      const problems = check({[path]: text});
      assert.equal(problems.length, 1);
      assert.ok(problems[0].startsWith(`${path}:1: `) && problems[0].includes(reason), problems[0]);
    });
  }
});

test('folders inside of a layer name only those above them in the table, so that there are no cycles of them', () => {
  for (const [base, folders] of Object.entries(INNER_FOLDERS)) {
    const above = new Set();
    for (const [folder, allowed] of Object.entries(folders)) {
      for (const name of allowed) assert.ok(above.has(name), `${base}: ${folder} names ${name}`);
      above.add(folder);
    }
  }
});

test('a cycle is named file by file, of types and through a folder index too', () => {
  const problems = check({
    'packages/sql/src/index.ts': `export {a} from './a';`,
    'packages/sql/src/a.ts': `import type {B} from './b';`,
    'packages/sql/src/b.ts': `import {a} from '.';`,
    'packages/sql/src/c.ts': `import {a} from './a';`,
  });
  assert.deepEqual(problems, [
    'packages/sql/src/index.ts:1: a cycle: packages/sql/src/index.ts -> packages/sql/src/a.ts -> packages/sql/src/b.ts -> packages/sql/src/index.ts',
  ]);
});

test('400 lines are enough, except for generated files', () => {
  assert.deepEqual(check({'packages/sql/src/a.ts': lines(400)}), []);
  assert.deepEqual(check({'packages/sql/src/a.generated.ts': lines(401)}), []);
  assert.deepEqual(check({'packages/sql/src/a.ts': lines(401)}), [
    'packages/sql/src/a.ts:401: 401 lines; split what is over 400',
  ]);
});
