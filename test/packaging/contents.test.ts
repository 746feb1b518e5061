/* What is in the packages, and what the judges of packages say of them. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {dirname, join, posix} from 'node:path';
import {before, describe, test} from 'node:test';
import {property, root, run, toolFile} from './support/command';
import {PACKAGES, pack, useFolder} from './support/consumer';
import type {Packed} from './support/consumer';

const folder = useFolder();

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
      const subpaths = name === 'pg' ? [] : ['--profile', 'node16'];
      const args = [
        attw,
        packed.tarball,
        '--format',
        'ascii',
        '--no-definitely-typed',
        ...subpaths,
      ];
      const {code, output} = await run(process.execPath, args, root);
      assert.equal(code, 0, output);
    });
  });
}
