/**
 * Stands for the platform: freezes a process between requests, while the server ends its sessions, and thaws it for
 * the next request. See README.md. Not on Windows, which has no SIGSTOP.
 *
 *     node dist/main.js [how often] [milliseconds of frost]
 */
import {fork} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import type {Answer} from './handler';

const [rounds = 3, frostMilliseconds = 3000] = process.argv.slice(2).map(Number);
const db = createConnectionPool();

async function main(): Promise<void> {
  await db.query(sql`
    DROP TABLE IF EXISTS visits;
    CREATE TABLE visits (page TEXT PRIMARY KEY, visits INT NOT NULL)
  `);
  const runtime = fork(join(__dirname, 'runtime.js'));
  try {
    let {session} = await request(runtime);
    for (let round = 0; round < rounds; round++) {
      runtime.kill('SIGSTOP');
      const [ended] = await db.query(sql`SELECT pg_terminate_backend(${session}, 5000) AS done`);
      console.log(`frozen; session ended by the server: ${ended.done}`);
      await pause(frostMilliseconds);
      runtime.kill('SIGCONT');
      ({session} = await request(runtime));
    }
  } finally {
    runtime.disconnect();
  }
}

async function request(runtime: ChildProcess): Promise<Answer> {
  const start = performance.now();
  runtime.send('/');
  const [message] = await once(runtime, 'message');
  if (message.error !== undefined) throw new Error(message.error);
  const milliseconds = (performance.now() - start).toFixed(0);
  const {visits, session} = message.answer;
  console.log(`request ${visits} was answered after ${milliseconds} ms`);
  return {visits, session};
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
