/**
 * `npm run check`: everything that can be said about the source without running it. One line per step; the
 * first that fails is shown in full, with what to do, and the rest is left out.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {endCommandsWithThisProcess, root, run, toolFile} from './commands.mjs';

const generators = readdirSync(join(root, 'tools')).filter((name) =>
  /^generate-.*\.mjs$/.test(name),
);

const STEPS = [
  {
    name: 'format',
    args: [toolFile('oxfmt'), '--check', '.'],
    hint: 'npm run format',
  },
  {
    // Before the linter and the generators, which read what this writes.
    name: 'types',
    args: [toolFile('typescript', 'tsc'), '-b'],
    hint: 'npm run dev shows these as you type',
  },
  {
    name: 'lint',
    args: [toolFile('oxlint'), '--type-aware', '--deny-warnings', '.'],
    hint: 'npx oxlint --type-aware --fix mends some of these',
  },
  {
    name: 'layers',
    args: ['tools/check-layers.mjs'],
    hint: 'what may import what, and why: tools/layers.mjs',
  },
  ...generators.map((name) => ({
    name: name.replace('.mjs', ''),
    args: [`tools/${name}`, '--check'],
    hint: `node tools/${name} writes it again; never edit a generated file`,
  })),
  {
    name: 'unused',
    args: [toolFile('knip'), '--include', 'files,dependencies,unresolved', '--no-config-hints'],
    hint: 'delete it, or say in knip.json what starts there',
  },
];

endCommandsWithThisProcess();
for (const {name, args, hint} of STEPS) {
  const start = performance.now();
  const {code, output} = await run('node', args, {quiet: true});
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) {
    console.log(`\n${output.trim()}\n\n${name} failed. What to do: ${hint}`);
    process.exitCode = 1;
    break;
  }
}
