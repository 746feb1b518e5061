/** The code of docs/guide/adapters.md that needs a library, as it stands there. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const GUIDE = new URL('../../docs/guide/adapters.md', import.meta.url);
// In this folder, so that it finds the libraries.
const PROGRAM = fileURLToPath(new URL('../guide-program.js', import.meta.url));

export default async function run(connectionString) {
  const blocks = [
    ...readFileSync(GUIDE, 'utf8').matchAll(/^```(js|json) .*guide\.js\n([^]*?)^```$/gm),
  ];
  const programs = blocks.filter(([, language]) => language === 'js');
  assert.equal(programs.length, 2);
  for (const [, , code] of programs) assert.equal(output(code, connectionString), promised(code));
  const [, , json] = blocks.find(([, language]) => language === 'json');
  const {dependencies, overrides} = JSON.parse(json);
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const compat = JSON.parse(
    readFileSync(new URL('../../packages/pg-compat/package.json', import.meta.url), 'utf8'),
  );
  assert.deepEqual(overrides, own.overrides);
  assert.deepEqual(dependencies, {pg: `npm:${compat.name}@${compat.version}`});
}

function output(code, DATABASE_URL) {
  writeFileSync(PROGRAM, code);
  try {
    const env = {...process.env, DATABASE_URL};
    const {stdout, stderr, status} = spawnSync('node', [PROGRAM], {env, encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return stdout;
  } finally {
    rmSync(PROGRAM);
  }
}

/** What its comments say is printed. */
function promised(code) {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)]
    .map(([, text]) => `${text}\n`)
    .join('');
}
