/*
 * Records what the published `@databases/pg` answers to test/conformance/programs.mjs, on Postgres 18.
 *
 * Installs it into a temporary folder; run it when a program is added: node tools/record-original-answers.mjs
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startServer} from '@databases/pg-test';
import {answers} from '../test/conformance/programs.mjs';

const VERSION = '6.1.0';
const folder = mkdtempSync(join(tmpdir(), 'original-'));
const server = await startServer();
try {
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', `@databases/pg@${VERSION}`], {cwd: folder, stdio: 'inherit'});
  const original = createRequire(join(folder, 'index.js'))('@databases/pg');
  const recorded = {version: VERSION, answers: await answers(original, server.connectionString)};
  const file = new URL('../test/conformance/original-answers.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
} finally {
  await server.stop();
  rmSync(folder, {recursive: true, force: true});
}
// Pools of the original that wait for ever would keep the process alive.
process.exit(0);
