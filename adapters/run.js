/**
 * `npm run adapters`: libraries that expect pg, on @databases/pg-compat. Each does its everyday work against a server of
 * its own; one line each, 1 at the end if one failed.
 *
 *   npm run adapters              all
 *   npm run adapters -- kysely    those with such a name
 */
import {readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {startServer} from '@databases/pg-test';

const require = createRequire(import.meta.url);
const packageName = require('pg/package.json').name;
if (packageName !== '@databases/pg-compat') throw new Error(`pg is ${packageName} here`);

const wanted = process.argv.slice(2);
const names = readdirSync(new URL('libraries', import.meta.url))
  .map((file) => file.replace(/\.js$/, ''))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

const server = await startServer();
try {
  for (const name of names) {
    const start = performance.now();
    try {
      const {default: run} = await import(`./libraries/${name}.js`);
      await run(server.connectionString);
      console.log(`ok     ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      console.log(`FAILED ${name}`, error);
      process.exitCode = 1;
    }
  }
} finally {
  await server.stop();
}
