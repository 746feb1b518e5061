/**
 * Lets four workers do jobs, kills one of them in the middle of one, and counts what was done: see README.md.
 *
 *     node dist/main.js [how many jobs]
 */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import db, {sql} from './database';
import {addJob, createTables} from './queue';

const [jobs = 400] = process.argv.slice(2).map(Number);
/** Takes longer than the others; whoever does it is killed. */
const FATAL_JOB = 40;
const FAILING_JOB = 20;

async function main(): Promise<void> {
  await createTables();
  const workers = ['Ada', 'Barbara', 'Grace', 'Hedy'].map(startWorker);
  await db.tx(async (tx) => {
    for (let id = 1; id <= jobs; id++) {
      await addJob(tx, {
        milliseconds: id === FATAL_JOB ? 1000 : 5,
        failures: id === FAILING_JOB ? 1 : 0,
      });
    }
  });
  console.log(`${jobs} jobs are waiting`);
  while ((await count()).waiting > 0) await pause(50);
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map(ended));
  await printOutcome();
}

function startWorker(name: string): ChildProcess {
  const worker = spawn(process.execPath, [join(__dirname, 'worker.js'), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let killed = false;
  createInterface(worker.stdout).on('line', (line) => {
    if (line.endsWith(` job ${FAILING_JOB}`)) console.log(line);
    if (!line.endsWith(` job ${FATAL_JOB}`)) return;
    console.log(line);
    if (alreadyKilled) return;
    alreadyKilled = true;
    killed = worker.kill('SIGKILL');
  });
  worker.on('exit', (code) =>
    console.log(killed ? `${name} is killed` : `${name} ends, code ${code}`),
  );
  return worker;
}

let alreadyKilled = false;

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
}

async function count(): Promise<{waiting: number; results: number; done: number}> {
  const [row] = await db.query(sql`
    SELECT (SELECT count(*)::int FROM jobs) AS waiting,
      count(*)::int AS results, count(DISTINCT job_id)::int AS done FROM results
  `);
  return row;
}

async function printOutcome(): Promise<void> {
  const {waiting, results, done} = await count();
  console.log(`\n${done} jobs are done, ${results - done} of them twice, ${waiting} not at all`);
  const rows = await db.query(
    sql`SELECT worker, count(*) AS jobs FROM results GROUP BY worker ORDER BY worker`,
  );
  for (const {worker, jobs: did} of rows) console.log(`  ${worker} did ${did}`);
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
