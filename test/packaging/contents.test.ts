/* What is in the packages, and what the judges of packages say of them. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, posix} from 'node:path';
import {before, describe, test} from 'node:test';
import {root, run, toolFile} from './support/command';
import {PACKAGES, pack, useFolder} from './support/consumer';
import type {Packed} from './support/consumer';

/** Of what is unpacked. To be raised on purpose. */
const LARGEST_BYTES: Readonly<Record<string, number>> = {
  sql: 64 * 1024,
  pg: 784 * 1024,
  'pg-cluster': 144 * 1024,
  'pg-otel': 24 * 1024,
  'pg-compat': 104 * 1024,
  'pg-test': 192 * 1024,
};

const folder = useFolder();

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} kB`;
}

for (const name of PACKAGES) {
  describe(`@databases/${name}`, () => {
    let packed: Packed;
    before(async () => {
      packed = await pack(name, folder.path);
    });

    test('holds no tests and nothing that only tests use', () => {
      const tests = packed.files.filter((file) => /\.test\.|\/testing\/|tsbuildinfo/.test(file));
      assert.deepEqual(tests, []);
    });

    test('says how large it is, and is no larger than it was meant to be', (context) => {
      const {packedBytes, unpackedBytes} = packed;
      context.diagnostic(`${kilobytes(packedBytes)}, unpacked ${kilobytes(unpackedBytes)}`);
      const largest = LARGEST_BYTES[name];
      assert.ok(largest !== undefined && unpackedBytes <= largest, kilobytes(unpackedBytes));
    });

    test('holds neither sources nor maps that would lead to them', () => {
      const useless = packed.files.filter((file) => /^src\/|\.map$|(?<!\.d)\.m?ts$/.test(file));
      assert.deepEqual(useless, []);
      const texts = packed.files.map((file) => readFileSync(join(packed.folder, file), 'utf8'));
      assert.deepEqual(
        texts.filter((text) => text.includes('sourceMappingURL')),
        [],
      );
    });

    test('holds every declaration that another one leads to', () => {
      const files = new Set(packed.files);
      const missing = packed.files
        .filter((file) => /\.d\.m?ts$/.test(file))
        .flatMap((file) => {
          const text = readFileSync(join(packed.folder, file), 'utf8');
          const specifiers = [...text.matchAll(/(?:from|import\()\s*['"](\.[^'"]*)['"]/g)];
          return specifiers
            .map(([, specifier = '']) => posix.join(posix.dirname(file), specifier))
            .map((path) => path.replace(/\.(m?)js$/, '.d.$1ts'))
            .filter((path) => !['', '.d.ts', '/index.d.ts'].some((end) => files.has(path + end)))
            .map((path) => `${file}: ${path}`);
        });
      assert.deepEqual(missing, []);
    });

    test('names the same types for import as for require', () => {
      const namedIn = (file: string) => {
        const text = readFileSync(join(packed.folder, file), 'utf8');
        const lists = [...text.matchAll(/export type \{([^}]*)\}/g)].flatMap(([, list = '']) =>
          list.split(',').map((item) => item.trim().replace(/^.* as /, '')),
        );
        return new Set(lists.filter((item) => item !== ''));
      };
      const module = packed.files.find((file) => /(?:^|\/)index\.d\.mts$/.test(file));
      if (module === undefined) return;
      if (/export \* from/.test(readFileSync(join(packed.folder, module), 'utf8'))) return;
      assert.deepEqual([...namedIn(module)].sort(), [...namedIn('dist/index.d.ts')].sort());
    });

    // Of pg-compat and pg-test the modules are as they were compiled.
    if (name !== 'pg-test' && name !== 'pg-compat') {
      test('is bundled: what loading costs is mostly the number of files', () => {
        const modules = packed.files.filter((file) => /^dist\/.*\.js$/.test(file));
        assert.ok(modules.length <= 16, modules.join(' '));
      });
    }

    test('is fine by publint', async () => {
      const publint = toolFile('publint', 'publint');
      const {code, output} = await run(
        process.execPath,
        [publint, packed.tarball, '--strict'],
        root,
      );
      assert.equal(code, 0, output);
    });

    test('has the right types for every way to import it', async () => {
      const attw = toolFile('@arethetypeswrong/cli', 'attw');
      // node10 knows no `exports`: there are no subpaths there, by design.
      const subpaths = name.startsWith('pg') && name !== 'pg-test' ? [] : ['--profile', 'node16'];
      const args = [
        attw,
        packed.tarball,
        '--format',
        'ascii',
        '--no-definitely-typed',
        ...subpaths,
        // Modules of ECMAScript that runners load by name, without types: no program imports them.
        ...(name === 'pg-test' ? ['--exclude-entrypoints', './vitest/setup', './node'] : []),
      ];
      const {code, output} = await run(process.execPath, args, root);
      assert.equal(code, 0, output);
    });
  });
}
