/**
 * Runs a command to its end and gives what it printed. Knows the folders of the project and its installed
 * tools; everything is run with this process's Node.
 */
import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** The root of the project, found upwards: this runs from test/dist/packaging/support. */
export const root = findRoot(__dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('The root of the project, with package-lock.json, is gone.');
  return findRoot(parent);
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  /** Both streams, for messages. */
  readonly output: string;
}

/** `npm test` tells its children where it runs; an npm in another folder is not to know. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_(?:lifecycle|package)|npm_config_(?:local_prefix|workspace)|INIT_CWD|NODE_TEST)/.test(
        name,
      ),
  );
  return {...Object.fromEntries(entries), npm_config_loglevel: 'error', NO_COLOR: '1'};
}

export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  /** The command is ended after that. 0: never. */
  timeoutMilliseconds = 0,
): Promise<Finished> {
  const options = {
    cwd,
    env: {...environment(), ...env},
    maxBuffer: 64 * 1024 * 1024,
    timeout: timeoutMilliseconds,
  };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      const reason = error !== null && typeof error.code !== 'number' ? error.message : '';
      resolve({code, stdout, output: `${stdout}${stderr}${reason}`});
    });
  });
}

/** @throws {Error} with what was printed, if the command fails */
export async function succeed(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const {code, stdout, output} = await run(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

/** The file that runs an installed tool. */
export function toolFile(packageName: string, binName: string): string {
  const folder = join(root, 'node_modules', packageName);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const bin = property(manifest, 'bin');
  const file = typeof bin === 'string' ? bin : property(bin, binName);
  if (typeof file !== 'string') throw new Error(`${packageName} has no command ${binName}.`);
  return join(folder, file);
}

/** A property of parsed JSON. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
