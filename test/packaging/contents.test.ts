/* What is in the packages, and what the judges of packages say of them. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {dirname, join, posix} from 'node:path';
import {before, describe, test} from 'node:test';
import {property, root, run, toolFile} from './support/command';
import {PACKAGES, pack, useFolder} from './support/consumer';
import type {Packed} from './support/consumer';

/** Of the tarball. To be raised on purpose. */
const LARGEST_BYTES: Readonly<Record<string, number>> = {
  sql: 60 * 1024,
  pg: 900 * 1024,
  'pg-cluster': 150 * 1024,
  'pg-otel': 60 * 1024,
  'pg-test': 150 * 1024,
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
      assert.ok(largest !== undefined && packedBytes <= largest, kilobytes(packedBytes));
    });

    // Also finds what is left in dist of a source that was deleted.
    test('holds the source that each source map names', () => {
      const files = new Set(packed.files);
      const maps = packed.files.filter((file) => file.endsWith('.map'));
      assert.notEqual(maps.length, 0);
      const missing = maps.filter((map) => {
        const text = readFileSync(join(packed.folder, map), 'utf8');
        const sources = property(JSON.parse(text), 'sources');
        assert.ok(Array.isArray(sources));
        return sources.some((source) => !files.has(posix.join(dirname(map), String(source))));
      });
      assert.deepEqual(
        missing,
        [],
        'dist is not what src makes: delete dist and run npx tsc -b --force',
      );
    });

    if (name !== 'pg-test') {
      test('loads few files: what an import costs is mostly their number', () => {
        const modules = packed.files.filter((file) => /^dist\/.*\.js$/.test(file));
        assert.ok(modules.length <= 10, modules.join(' '));
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
      const subpaths = name === 'pg' || name === 'pg-cluster' ? [] : ['--profile', 'node16'];
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
