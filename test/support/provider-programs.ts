/** The programs that use the database module of a page: what a reader would write behind it. */
import type {Block} from './guide-blocks';

function program(file: string, code: string): Block {
  return {place: file, language: 'ts', options: {file}, code};
}

/** How to close the database of a module: most export only the pool. */
function closing(module: Block): string {
  return module.code.includes('function closeDatabase') ? 'closeDatabase()' : 'db.dispose()';
}

function importsOf(module: Block): string {
  const names = closing(module) === 'closeDatabase()' ? 'sql, closeDatabase' : 'sql';
  return `import db, {${names}} from './${(module.options.file ?? '').replace(/\.ts$/, '')}';`;
}

/** Prints who it is, where it is, and whether the server sees TLS, and ends by itself. */
export function whoAmI(module: Block): Block {
  return program(
    `who-am-i-${module.options.file}`,
    `${importsOf(module)}
     async function main(): Promise<void> {
       const [row] = await db.query(sql\`
         SELECT current_user || '@' || current_database() || CASE WHEN ssl THEN ' TLS' ELSE '' END AS who
         FROM pg_stat_ssl WHERE pid = pg_backend_pid()\`);
       console.log(row.who);
       await ${closing(module)};
     }
     main().catch((error: unknown) => { console.error(error); process.exitCode = 1; });`,
  );
}

/**
 * Opens a connection, changes the password of its role in the database and in the file of the provider, and opens
 * another one while the first is in use. Prints how many connections it had.
 */
export function rotate(module: Block, user: string): Block {
  return program(
    `rotate-${module.options.file}`,
    `import {writeFileSync} from 'node:fs';
     import createConnectionPool from '@databases/pg';
     ${importsOf(module)}
     const admin = createConnectionPool({connectionString: process.env['GUIDE_URL'], ssl: false});
     async function setPassword(password: string): Promise<void> {
       const [row] = await admin.query(sql\`
         SELECT format('ALTER ROLE %I PASSWORD %L', \${${JSON.stringify(user)}}::text, \${password}::text) AS command\`);
       await admin.query(sql.__dangerous__rawValue(String(row.command)));
       writeFileSync(process.env['SECRET_FILE'] ?? '', password);
     }
     async function backend(queryable: Pick<typeof db, 'query'>): Promise<unknown> {
       const [row] = await queryable.query(sql\`SELECT pg_backend_pid() AS pid\`);
       return row.pid;
     }
     async function main(): Promise<void> {
       await setPassword('first');
       let release = () => {};
       const released = new Promise<void>((resolve) => { release = resolve; });
       let taken: (pid: unknown) => void = () => {};
       const first = new Promise<unknown>((resolve) => { taken = resolve; });
       const task = db.task(async (connection) => {
         taken(await backend(connection));
         await released;
       });
       await Promise.race([first, task]);
       await setPassword('second: @ % /');
       const second = await backend(db).finally(() => release());
       await task;
       console.log(new Set([await first, second]).size);
       await ${closing(module)};
     }
     main()
       .catch((error: unknown) => { console.error(error); process.exitCode = 1; })
       .finally(() => admin.dispose());`,
  );
}
