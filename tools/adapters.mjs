/**
 * `npm run adapters`: installs the libraries of adapters, with @databases/pg-compat in place of pg,
 * and runs each of them. It needs the registry; `npx tsc -b` has to have run.
 */
import {join} from 'node:path';
import {endCommandsWithThisProcess, root, run} from './commands.mjs';

const folder = join(root, 'adapters');

endCommandsWithThisProcess();
const install = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
const {code, output} = await run('npm', install, {quiet: true});
if (code === 0) {
  const libraries = await run('node', [join(folder, 'run.js'), ...process.argv.slice(2)]);
  process.exitCode = libraries.code;
} else {
  console.log(output);
  process.exitCode = 1;
}
