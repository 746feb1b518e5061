/**
 * Jest's `globalSetup`: one server for the whole run, its connection string in DATABASE_URL (or the
 * variable named by PG_TEST_ENV_VAR), migrations applied. Where the variable is set already, that
 * database is used and nothing is started.
 */
import {spawn} from 'node:child_process';
import getDatabase from '../get-database';
import type {GetDatabaseOptions} from '../get-database';
import {PgTestError} from '../error';
import {killers} from './killers';

interface SetupOptions extends GetDatabaseOptions {
  /** Default: PG_TEST_ENV_VAR, else `DATABASE_URL`. */
  environmentVariable?: string;
  /** Command and arguments. Default: PG_TEST_MIGRATIONS_SCRIPT, split at spaces. */
  migrationsScript?: string[];
}

async function setup(options: SetupOptions = {}): Promise<void> {
  const variable = options.environmentVariable ?? process.env['PG_TEST_ENV_VAR'] ?? 'DATABASE_URL';
  if (process.env[variable]) return;
  const {databaseURL, kill} = await getDatabase(options);
  process.env[variable] = databaseURL;
  killers.push(async () => {
    delete process.env[variable];
    await kill();
  });
  const script = options.migrationsScript ?? process.env['PG_TEST_MIGRATIONS_SCRIPT']?.split(' ');
  if (script) await migrate(script);
}

function migrate([file = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {stdio: 'inherit', shell: process.platform === 'win32'});
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new PgTestError(
          'PG_TEST_START_FAILED',
          `The migrations script "${file}" ended with ${signal ?? `exit code ${code}`}.`,
        ),
      );
    });
  });
}

// Jest and `import` take what the module is, earlier versions had it as `default`.
setup.default = setup;

// So that declaration files can name the options.
declare namespace setup {
  export type {SetupOptions};
}

export = setup;
