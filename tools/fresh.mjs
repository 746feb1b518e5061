/**
 * `npm run fresh`: an empty folder, and only the steps of the README of @databases/pg, with the tarballs that would be
 * published: install, write the program, run it. Ends with 1 if that fails or takes longer than a minute.
 *
 *   npm run fresh -- --limit-seconds 300
 */
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {root} from './commands.mjs';
import {inTemporaryFolder, packAll} from './packages.mjs';

const {values} = parseArgs({options: {'limit-seconds': {type: 'string', default: '60'}}});
const README = readFileSync(join(root, 'packages/pg/README.md'), 'utf8');

/** The first block of code of that kind. */
function block(info) {
  const [, code] = new RegExp(`^\`\`\`${info}(?: .*)?\\n([^]*?)^\`\`\`$`, 'm').exec(README) ?? [];
  if (code === undefined) throw new Error(`packages/pg/README.md has no block of ${info}`);
  return code;
}

/** Nothing of this repository, and no server that happens to be there. */
function environment() {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|PG|DATABASE|NODE_|INIT_CWD)/.test(name),
  );
  return {...Object.fromEntries(entries), npm_config_loglevel: 'error', NO_COLOR: '1'};
}

await inTemporaryFolder(async (folder) => {
  // What the registry would answer for the names: the rest of the commands stays as it is written.
  const packed = await packAll(folder);
  const commands = block('sh')
    .trim()
    .split('\n')
    .map((command) =>
      packed.reduce(
        (text, {name, tarball}) =>
          text.startsWith('npm install')
            ? text.replace(new RegExp(`@databases/${name}(?= |$)`), tarball)
            : text,
        command,
      ),
    )
    // Comes with @databases/pg from the registry; here it has to be said where it is.
    .map((command) =>
      command.startsWith('npm install')
        ? `${command} ${packed.find(({name}) => name === 'sql').tarball}`
        : command,
    );
  const project = join(folder, 'project');
  mkdirSync(project);
  const start = performance.now();
  writeFileSync(join(project, 'main.mjs'), block('js file=main.mjs'));
  let output = '';
  for (const command of commands) {
    const began = performance.now();
    const finished = spawnSync(command, {
      cwd: project,
      env: environment(),
      shell: true,
      encoding: 'utf8',
      timeout: 600_000,
    });
    output = finished.stdout;
    console.log(`$ ${command} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    if (finished.status !== 0)
      throw new Error(`ended with ${finished.status}:\n${finished.stdout}${finished.stderr}`);
  }
  console.log(output.trim());
  const expected = block('text output').trim();
  if (!output.includes(expected)) throw new Error(`the README promises ${expected}`);
  const seconds = (performance.now() - start) / 1000;
  console.log(`From an empty folder to the first answer: ${seconds.toFixed(1)} s.`);
  if (seconds > Number(values['limit-seconds'])) process.exitCode = 1;
});
