/**
 * Starts both services in front of a replica that is behind, orders with the one and looks with the other whether the
 * order is there: without the token and with it. See README.md.
 *
 *     node dist/main.js [how many orders] [milliseconds that the replica is behind]
 */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';

const [count = 50, lagMilliseconds = 200] = process.argv.slice(2).map(Number);
const HEADER = 'consistency-token';
const MOST_TRIES = 200;
const TRY_MILLISECONDS = 50;

interface Service {
  readonly process: ChildProcess;
  readonly url: string;
}

async function main(): Promise<void> {
  await createTable();
  const services = await Promise.all([startService('orders'), startService('search')]);
  try {
    await makeReplicaLate();
    await untilReplicaServes(services[0], services[1]);
    await orderAndLook(services[0], services[1]);
  } finally {
    await Promise.all(services.map(stopService));
  }
}

async function createTable(): Promise<void> {
  await using primary = createConnectionPool();
  await primary.query(sql`
    DROP TABLE IF EXISTS orders;
    CREATE TABLE orders (id BIGSERIAL PRIMARY KEY)
  `);
}

/** As if there were a busy network between: what is committed shows on the replica so much later. */
async function makeReplicaLate(): Promise<void> {
  const [replicaUrl] = process.env['DATABASE_REPLICA_URLS']?.split(',') ?? [];
  await using replica = createConnectionPool(replicaUrl);
  // The tables are there by then.
  while ((await replica.query(sql`SELECT to_regclass('orders') AS found`))[0].found === null);
  const late = sql.__dangerous__rawValue(`'${lagMilliseconds}ms'`);
  await replica.query(sql`ALTER SYSTEM SET recovery_min_apply_delay = ${late}`);
  await replica.query(sql`SELECT pg_reload_conf()`);
  console.log(`the replica is ${lagMilliseconds} ms behind`);
}

/** A service reads from the replica once it has met it and knows the functions of the database. Then orders are missed. */
async function untilReplicaServes(orders: Service, search: Service): Promise<void> {
  for (let n = 0; n < MOST_TRIES; n++) {
    if (!(await look(search, (await order(orders)).id))) return;
    await delay(TRY_MILLISECONDS);
  }
  throw new Error('the replica serves no reads');
}

async function orderAndLook(orders: Service, search: Service): Promise<void> {
  const found = {without: 0, with: 0};
  for (let n = 0; n < count; n++) {
    const {id, token} = await order(orders);
    if (await look(search, id)) found.without++;
    if (await look(search, id, token)) found.with++;
  }
  console.log(`without the token ${found.without} of ${count} orders were found at once`);
  console.log(`with the token    ${found.with} of ${count}`);
}

async function order({url}: Service): Promise<{readonly id: number; readonly token: string}> {
  const response = await fetch(url, {method: 'POST'});
  const {id} = Object(await response.json());
  return {id: Number(id), token: response.headers.get(HEADER) ?? ''};
}

async function look({url}: Service, id: number, token?: string): Promise<boolean> {
  const headers = token === undefined ? {} : {[HEADER]: token};
  const response = await fetch(`${url}/${id}`, {headers});
  if (!response.ok) throw new Error(`search answered with status ${response.status}`);
  return (await response.json()) !== null;
}

/** Its first line says where it listens. */
async function startService(name: string): Promise<Service> {
  const service = spawn(process.execPath, [join(__dirname, `${name}.js`)], {
    env: {...process.env, PORT: '0'},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(service.stdout), 'line');
  return {process: service, url: `http://127.0.0.1:${JSON.parse(line).port}`};
}

async function stopService({process: service}: Service): Promise<void> {
  service.kill('SIGTERM');
  await once(service, 'exit');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
