/** Reads through a cache while others write, and while its connection is lost: see README.md. */
import {setTimeout as pause} from 'node:timers/promises';
import createConnectionPool from '@databases/pg';
import {ListenCache} from './cache';
import db, {sql} from './database';

/** The rest of the world: another pool, which knows nothing of the cache. */
const others = createConnectionPool({applicationName: 'others'});
let loads = 0;

async function main(): Promise<void> {
  await createTable();
  await using prices = await ListenCache.open(db, {channel: 'products', load: priceOf});
  await readOften(prices);
  await seeWrites(prices);
  await surviveALoss(prices);
}

/** The trigger tells of every change, whoever makes it: a program, a migration, somebody in psql. */
async function createTable(): Promise<void> {
  await db.query(sql`
    DROP TABLE IF EXISTS products;
    CREATE TABLE products (id INT PRIMARY KEY, price INT NOT NULL);
    CREATE OR REPLACE FUNCTION products_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('products', OLD.id::text); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('products', NEW.id::text); END IF;
        RETURN NULL;
      END
    $$;
    CREATE TRIGGER products_changed AFTER INSERT OR UPDATE OR DELETE ON products
      FOR EACH ROW EXECUTE FUNCTION products_changed();
    INSERT INTO products SELECT id, 100 FROM generate_series(1, 10) AS id;
  `);
}

async function priceOf(id: string): Promise<number | undefined> {
  loads++;
  const [row] = await db.query(sql`SELECT price FROM products WHERE id = ${id}`);
  return row?.price;
}

async function readOften(prices: ListenCache<number | undefined>): Promise<void> {
  const reads = Array.from({length: 10_000}, (_, n) => prices.get(String((n % 10) + 1)));
  await Promise.all(reads);
  console.log(`${reads.length} reads were ${loads} queries`);
}

async function seeWrites(prices: ListenCache<number | undefined>): Promise<void> {
  let longest = 0;
  for (let price = 101; price <= 150; price++) {
    await others.query(sql`UPDATE products SET price = ${price} WHERE id = 1`);
    longest = Math.max(longest, await untilSeen(prices, '1', price));
  }
  console.log(`50 writes of others were seen, the slowest after ${longest.toFixed(0)} ms`);
}

async function surviveALoss(prices: ListenCache<number | undefined>): Promise<void> {
  await prices.get('2');
  // The session that listens is ended, and the row is changed without a word.
  await others.tx(async (tx) => {
    await tx.query(sql`
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name <> 'others'
    `);
    await tx.query(sql`ALTER TABLE products DISABLE TRIGGER products_changed`);
    await tx.query(sql`UPDATE products SET price = 200 WHERE id = 2`);
    await tx.query(sql`ALTER TABLE products ENABLE TRIGGER products_changed`);
  });
  const milliseconds = await untilSeen(prices, '2', 200);
  console.log(`a write that nobody heard of was seen ${milliseconds.toFixed(0)} ms later`);
}

async function untilSeen(
  prices: ListenCache<number | undefined>,
  id: string,
  price: number,
): Promise<number> {
  const start = performance.now();
  while ((await prices.get(id)) !== price) await pause(1);
  return performance.now() - start;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => Promise.all([db.dispose(), others.dispose()]));
