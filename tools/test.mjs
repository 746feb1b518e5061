/**
 * `npm test`: installs what is missing, builds, checks the source, and runs all tests: those beside their
 * sources, the integration tests on every supported Postgres, and the packages as they would be published.
 * `npm test -- --help` says how to run less.
 *
 * The last line is `N passed, N failed, N skipped`; a stage that fails without a test counts as one failure. A
 * run that executed no test has failed. Ctrl-C ends everything that was started.
 */
import {existsSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {needsInstall} from './installed.mjs';
import {endCommandsWithThisProcess, root, run, toolFile} from './commands.mjs';
import {removeStaleOutput} from './stale-output.mjs';
import {builtFile, findTests} from './test-files.mjs';
import {USAGE, readTestOptions} from './test-options.mjs';

const CONCURRENT_FILES = 2;
/** Per file. A file that leaves a socket or a timer behind hangs until then. */
const TIMEOUT_MILLISECONDS = 600_000;

const total = {passed: 0, failed: 0, skipped: 0};
const stages = [];

function readOptions() {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(USAGE);
    process.exit(0);
  }
  try {
    return readTestOptions(argv);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function printSummary() {
  if (total.passed + total.failed === 0) {
    console.log('\nNo test was run: no file fits.');
    process.exitCode = 1;
  }
  console.log(`\n${stages.join('\n')}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  if (total.failed > 0) process.exitCode = 1;
}

/** Runs one stage and notes how it went. `work` gives counts of tests, or whether all went well. */
async function stage(name, work) {
  console.log(`\n--- ${name}`);
  const start = performance.now();
  const result = await work();
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const counts =
    typeof result === 'boolean' ? {passed: 0, failed: result ? 0 : 1, skipped: 0} : result;
  for (const key of Object.keys(total)) total[key] += counts[key];
  const outcome = counts.failed === 0 ? 'ok    ' : 'FAILED';
  const tests = typeof result === 'boolean' ? '' : `${counts.passed} passed, `;
  stages.push(`${outcome} ${name}: ${tests}${seconds}`);
  return counts.failed === 0;
}

async function succeeds(command, args) {
  const {code, output} = await run(command, args);
  if (output !== '') console.log(output);
  return code === 0;
}

function build() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  for (const folder of folders) removeStaleOutput(join(folder, 'src'), join(folder, 'dist'));
  removeStaleOutput(join(root, 'test'), join(root, 'test', 'dist'));
  return succeeds('node', [toolFile('typescript', 'tsc'), '-b']);
}

async function runTests(sources, env = {}) {
  const files = sources.map(builtFile);
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) {
    console.log(`Not built: ${missing.join(', ')}. npx tsc -b --force writes everything again.`);
    return {passed: 0, failed: missing.length, skipped: 0};
  }
  const folder = mkdtempSync(join(tmpdir(), 'databases-test-'));
  const countsFile = join(folder, 'counts.json');
  try {
    const {code} = await run(
      'node',
      [
        '--test',
        `--test-concurrency=${CONCURRENT_FILES}`,
        `--test-timeout=${TIMEOUT_MILLISECONDS}`,
        '--test-reporter=./tools/test-reporter.mjs',
        '--test-reporter-destination=stdout',
        ...files,
      ],
      {env: {...env, TEST_COUNTS_FILE: countsFile}},
    );
    const counts = existsSync(countsFile)
      ? JSON.parse(readFileSync(countsFile, 'utf8'))
      : {passed: 0, failed: 0, skipped: 0};
    // node --test may know of a failure that no test reported.
    return code === 0 || counts.failed > 0 ? counts : {...counts, failed: 1};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

async function main({check, unit, versions, adversityVersions, packaging, patterns}) {
  if (needsInstall(root)) {
    const installed = await stage('install', () =>
      succeeds('npm', ['install', '--no-audit', '--no-fund']),
    );
    if (!installed) return;
  }
  const built = await stage('build', build);
  if (!built) return;
  if (check) await stage('check', () => succeeds('node', ['tools/check.mjs']));

  const fits = (file) =>
    patterns.length === 0 || patterns.some((pattern) => file.includes(pattern));
  const tests = findTests(root);
  const runs = [];
  if (unit) runs.push(['unit', tests.unit, {}]);
  for (const [index, version] of versions.entries()) {
    const files = index === 0 ? tests.integration : tests.everyVersion;
    runs.push([`integration, Postgres ${version}`, files, {PGVERSION: version}]);
  }
  for (const version of adversityVersions) {
    runs.push([`adversity, Postgres ${version}`, tests.adversity, {PGVERSION: version}]);
  }
  if (packaging) runs.push(['packaging', tests.packaging, {}]);
  for (const [name, files, env] of runs) {
    const fitting = files.filter(fits);
    if (fitting.length > 0) await stage(name, () => runTests(fitting, env));
  }
}

endCommandsWithThisProcess();
const options = readOptions();
await main(options);
printSummary();
