/**
 * Does what a development server does when a file is saved: forgets the program's modules, loads them anew and shows
 * the page. See README.md.
 *
 *     node dist/main.js [how many reloads]
 */
import {sep} from 'node:path';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import type * as Page from './page';

const [reloads = 10] = process.argv.slice(2).map(Number);
const observer = createConnectionPool({applicationName: 'observer'});

async function main(): Promise<void> {
  await showPage();
  console.log(`the page is loaded: ${await sessions()} sessions`);
  const versions = new Set<unknown>();
  for (let reload = 0; reload < reloads; reload++) versions.add(await showPage());
  console.log(`it was loaded anew ${versions.size} times: ${await sessions()} sessions`);

  for (let reload = 0; reload < reloads; reload++) {
    await showPage(createConnectionPool({poolSize: 5}));
  }
  console.log(`${reloads} times more, with a pool per load: ${await sessions()} sessions`);
}

/** Gives the module, which is another one each time. */
async function showPage(pool?: ConnectionPool): Promise<typeof Page> {
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(__dirname + sep) && path !== __filename) delete require.cache[path];
  }
  const page: typeof Page = require('./page');
  await page.render(pool);
  return page;
}

async function sessions(): Promise<number> {
  const [row] = await observer.query(sql`
    SELECT count(*)::int AS sessions FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND application_name <> 'observer'
  `);
  return row.sessions;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => observer.dispose());
