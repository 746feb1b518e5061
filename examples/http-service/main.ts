/**
 * Replaces a service under load, again and again, and counts the requests that failed: see README.md.
 *
 *     node dist/main.js [how often] [milliseconds that the service drains for]
 */
import cluster from 'node:cluster';
import type {Worker} from 'node:cluster';
import {once} from 'node:events';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import db, {sql} from './database';

const [restarts = 3, drainMilliseconds = 1000] = process.argv.slice(2).map(Number);
const CLIENTS = 8;
const THINK_MILLISECONDS = 5;
/** A request that is not answered by then has failed. */
const PATIENCE_MILLISECONDS = 10_000;

const answers = new Map<string, number>();
const failures: unknown[] = [];
const ending = new AbortController();

async function main(): Promise<void> {
  await db.query(sql`
    DROP TABLE IF EXISTS orders, invoices;
    CREATE TABLE orders (id BIGSERIAL PRIMARY KEY);
    CREATE TABLE invoices (order_id BIGINT NOT NULL)
  `);
  // The port is shared, so the next process listens before the one in front of it stops.
  cluster.setupPrimary({exec: join(__dirname, 'service.js')});
  let {worker, port} = await startService();
  const clients = Array.from({length: CLIENTS}, () => client(port));
  for (let restart = 0; restart < restarts; restart++) {
    await pause(500);
    const next = await startService();
    const asked = performance.now();
    worker.kill('SIGTERM');
    const [code] = await once(worker, 'exit');
    const milliseconds = (performance.now() - asked).toFixed(0);
    console.log(
      `process ${processId(worker)} ended ${milliseconds} ms after SIGTERM, code ${code}`,
    );
    ({worker, port} = next);
  }
  await pause(500);
  ending.abort();
  await Promise.all(clients);
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  await printOutcome();
}

async function startService(): Promise<{readonly worker: Worker; readonly port: number}> {
  const worker = cluster.fork({PORT: 0, DRAIN_MILLISECONDS: drainMilliseconds});
  const [address] = await once(worker, 'listening');
  console.log(`process ${processId(worker)} listens`);
  return {worker, port: address.port};
}

/** Keeps its connection as browsers and proxies do, and repeats nothing: one that fails is counted. */
async function client(port: number): Promise<void> {
  while (!ending.signal.aborted) {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
      const response = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', signal});
      const text = await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      const process = text.slice(text.lastIndexOf(' ') + 1).trim();
      answers.set(process, (answers.get(process) ?? 0) + 1);
    } catch (error) {
      failures.push(error);
    }
    await pause(THINK_MILLISECONDS);
  }
}

async function printOutcome(): Promise<void> {
  const answered = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const [stored] = await db.query(
    sql`SELECT count(id)::int AS orders, count(order_id)::int AS invoices FROM orders FULL JOIN invoices ON order_id = id`,
  );
  console.log(
    `requests  ${answered} answered, by ${answers.size} processes; ${failures.length} failed`,
  );
  console.log(`stored    ${stored.orders} orders, ${stored.invoices} invoices`);
  for (const error of failures) console.log(error);
}

function processId(worker: Worker): number | undefined {
  return worker.process.pid;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
