/**
 * An HTTP service that may be told to stop at any time: what was asked is answered, and then it ends by itself.
 *
 *     PORT=8080 node dist/service.js
 */
import {createServer} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import db, {sql} from './database';

/** Longer than a load balancer needs to see that `/ready` says no, and than clients are silent between requests. */
const DRAIN_MILLISECONDS = Number(process.env['DRAIN_MILLISECONDS'] ?? 5000);
/** What still holds a connection then is rolled back. */
const DISPOSE_MILLISECONDS = 5000;

let stopping = false;

/** Whatever the service is there for; here, something that must not stop half way. */
async function order(): Promise<string> {
  return db.tx(async (tx) => {
    const [stored] = await tx.query(sql`INSERT INTO orders DEFAULT VALUES RETURNING id`);
    await tx.query(sql`INSERT INTO invoices (order_id) VALUES (${stored.id})`);
    return `order ${stored.id}, by process ${process.pid}\n`;
  });
}

const server = createServer((request, response) => {
  // A client that keeps its connection would send the next request on it just as it is closed. This tells it not to.
  if (stopping) response.setHeader('connection', 'close');
  if (request.url === '/ready') {
    response.writeHead(stopping ? 503 : 200).end();
    return;
  }
  order().then(
    (text) => response.end(text),
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});

/** First no more requests, then no more database. */
async function stop(): Promise<void> {
  stopping = true;
  await pause(DRAIN_MILLISECONDS);
  await new Promise((resolve) => server.close(resolve));
  await db.dispose({timeoutMilliseconds: DISPOSE_MILLISECONDS});
  // Where a parent process holds a channel to this one (node:cluster, pm2), that is what is left.
  process.disconnect?.();
}

process.once('SIGTERM', () => {
  stop().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
});

server.listen(Number(process.env['PORT'] ?? 8080));
