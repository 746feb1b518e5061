/** Asks the server at this port once, and tells how it was refused, how fast, and what memory it took. */
import createConnectionPool, {sql} from '@databases/pg';

async function main(): Promise<void> {
  await using db = createConnectionPool(`postgres://me@127.0.0.1:${process.argv[2] ?? ''}/db`);
  await db.query(sql`SELECT 'before'`);
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
  const startedAt = performance.now();
  const error: unknown = await db.query(sql`SELECT 'attack'`).catch((thrown: unknown) => thrown);
  const milliseconds = performance.now() - startedAt;
  // What still comes is not read: half a second would show it.
  await new Promise((resolve) => setTimeout(resolve, 500));
  clearInterval(watch);
  most = Math.max(most, process.memoryUsage().rss);
  const name = error instanceof Error ? error.name : 'none';
  console.log(JSON.stringify({error: name, milliseconds, grownBytes: most - before}));
}

void main();
