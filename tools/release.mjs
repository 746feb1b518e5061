/**
 * `npm run release -- --dry-run`: everything that comes before publishing, and `npm publish --dry-run` of each tarball
 * in the order in which they would go. It publishes nothing: the last step is printed, for CI to run where npm can
 * attest the provenance.
 *
 * Ends with 1 if something stands in the way of a release.
 */
import {readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {endCommandsWithThisProcess, root, run} from './commands.mjs';
import {PUBLISHED, inTemporaryFolder, packAll, readManifest} from './packages.mjs';

const manifests = PUBLISHED.map(readManifest);
const problems = [];

/** Packages of ours must ask for exactly the versions that are published with them, in this order. */
function checkVersions() {
  const published = new Map();
  for (const {name, version, dependencies = {}} of manifests) {
    for (const [needed, range] of Object.entries(dependencies)) {
      if (!needed.startsWith('@databases/')) problems.push(`${name} depends on ${needed}`);
      else if (published.get(needed) !== range) {
        const there = published.get(needed) ?? 'not published before it';
        problems.push(`${name} asks for ${needed} ${range}, which is ${there}`);
      }
    }
    published.set(name, version);
  }
}

function checkChangelog() {
  const {version} = manifests.find(({name}) => name === '@databases/pg');
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')}.*$`, 'm').exec(changelog)?.[0];
  if (heading === undefined) problems.push(`CHANGELOG.md has no heading for ${version}`);
  else if (heading.includes('not released')) problems.push(`CHANGELOG.md says "${heading}"`);
}

async function checkTree() {
  const {output} = await run('git', ['status', '--porcelain'], {quiet: true});
  if (output.trim() !== '') problems.push('the tree has changes that are not committed');
}

/** @returns {Promise<string>} what is in the way at the registry, or what is the newest there */
async function askRegistry({name, version}) {
  const {code, output} = await run(
    'npm',
    ['view', name, 'versions', '--json', '--loglevel=error'],
    {quiet: true},
  );
  if (code !== 0) return output.includes('E404') ? 'new to the registry' : 'registry not reached';
  const versions = [JSON.parse(output.slice(output.search(/^[["]/m)))].flat();
  if (versions.includes(version)) problems.push(`${name} ${version} is published already`);
  return `newest there: ${versions.at(-1)}`;
}

async function publishDry(tarball) {
  const args = ['publish', tarball, '--dry-run', '--access', 'public', '--ignore-scripts'];
  const {code, output} = await run('npm', args, {quiet: true});
  if (code !== 0) problems.push(`npm publish --dry-run ${basename(tarball)} failed:\n${output}`);
  const size = /package size:\s*(.*)/.exec(output)?.[1] ?? '?';
  const unpacked = /unpacked size:\s*(.*)/.exec(output)?.[1] ?? '?';
  return `${size}, unpacked ${unpacked}`;
}

async function main() {
  if (!process.argv.includes('--dry-run')) {
    console.error(
      'Only the rehearsal is here: npm run release -- --dry-run. It prints how to publish.',
    );
    process.exitCode = 2;
    return;
  }
  checkVersions();
  checkChangelog();
  await checkTree();
  await inTemporaryFolder(async (folder) => {
    const packed = await packAll(folder);
    console.log('Would be published, in this order:');
    for (const [index, {tarball, files}] of packed.entries()) {
      const manifest = manifests[index];
      const registry = await askRegistry(manifest);
      const sizes = await publishDry(tarball);
      console.log(
        `${index + 1}. ${manifest.name} ${manifest.version} (${registry}): ${basename(tarball)}, ${files.length} files, ${sizes}`,
      );
    }
    console.log(`
To publish, in a CI job that npm trusts (GitHub Actions or GitLab with "id-token: write"), so that the provenance
says which commit the tarballs were made of; outside of CI npm cannot attest it:
${packed.map(({tarball}) => `  npm publish ${basename(tarball)} --access public --provenance`).join('\n')}
The tarballs are those of tools/pack.mjs; "npm publish packages/<name>" would publish the modules unbundled.
`);
  });
  if (problems.length === 0) console.log('Nothing stands in the way.');
  else console.log(`In the way:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

endCommandsWithThisProcess();
await main();
