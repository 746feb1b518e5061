/** What a program does with a pool, one step after the other: see docs/guide/managing-connections.md. */
import db, {sql} from './database';

async function main(): Promise<void> {
  await createTable();
  await writeAndRead();
  await moveMoney('Ada', 'Grace', 40);
  await moveMoney('Ada', 'Grace', 4000);
  await countInAStream();
}

async function createTable(): Promise<void> {
  say('A table');
  // DROP and CREATE are one text, so they are one transaction.
  await db.query(sql`
    DROP TABLE IF EXISTS accounts;
    CREATE TABLE accounts (
      id BIGSERIAL PRIMARY KEY,
      owner TEXT NOT NULL UNIQUE,
      balance INT NOT NULL CHECK (balance >= 0)
    )
  `);
  console.log('accounts is there, and empty');
}

async function writeAndRead(): Promise<void> {
  say('Rows in, rows out');
  const people = ['Ada', 'Grace', "Robert'); DROP TABLE accounts; --"];
  const rows = people.map((owner) => sql`(${owner}, ${100})`);
  await db.query(sql`INSERT INTO accounts (owner, balance) VALUES ${sql.join(rows, ', ')}`);
  await printAccounts();
  console.log('(Robert is only a name: a value in sql`...` never becomes SQL)');
}

/** Both updates, or neither. */
async function moveMoney(from: string, to: string, amount: number): Promise<void> {
  say(`A transaction: ${amount} from ${from} to ${to}`);
  try {
    await db.tx(async (tx) => {
      await tx.query(sql`UPDATE accounts SET balance = balance + ${amount} WHERE owner = ${to}`);
      await tx.query(sql`UPDATE accounts SET balance = balance - ${amount} WHERE owner = ${from}`);
    });
    console.log('committed');
  } catch (error) {
    console.log(`rolled back: ${error instanceof Error ? error.message : String(error)}`);
  }
  await printAccounts();
}

async function countInAStream(): Promise<void> {
  say('A million rows, a few at a time');
  let rows = 0;
  for await (const row of db.queryStream(sql`SELECT n FROM generate_series(1, 1000000) AS n`)) {
    rows++;
    // Leaving the loop ends the query on the server, too.
    if (row.n === 250_000) break;
  }
  console.log(`read ${rows.toLocaleString('en')} of them, and had enough`);
}

async function printAccounts(): Promise<void> {
  const accounts = await db.query(sql`SELECT id, owner, balance FROM accounts ORDER BY id`);
  for (const {id, owner, balance} of accounts) {
    console.log(`  ${id}  ${String(balance).padStart(4)}  ${owner}`);
  }
}

function say(title: string): void {
  console.log(`\n${title}`);
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => db.dispose());
