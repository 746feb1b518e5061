/** Promise 24: results of any size in bounded memory, and connections that outlive what was left of them early. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as turn} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {processId} from '../support/activity';
import {failureOf} from '../support/failure';
import {runProgram} from '../support/program';
import {firstRow} from '../support/rows';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TABLE copied (i int, text text)`);
});
forbidUnhandledErrors();

const MOST_GROWTH_MEGABYTES = 64;
/** A row of 20 MB is there as bytes and as text, and the one before it may be, too. 16 of them were +390 MB. */
const MOST_ROWS_GROWTH_MEGABYTES = 128;
const TOTAL_MEGABYTES = 300;

/** What reads in a process of its own, and counts the bytes that came. */
const READERS = {
  'a cursor': `
    for await (const row of db.queryStream(sql\`SELECT repeat('x', 10000) AS text FROM generate_series(1, \${rows}::int)\`)) {
      bytes += row.text.length;
      await slowly();
    }`,
  'a cursor with long rows in large batches': `
    for await (const row of db.queryStream(sql\`SELECT repeat('x', 100000) AS text FROM generate_series(1, \${rows / 10}::int)\`)) {
      bytes += row.text.length;
      await slowly();
    }`,
  'a node stream': `
    for await (const row of db.queryNodeStream(sql\`SELECT repeat('x', 10000) AS text FROM generate_series(1, \${rows}::int)\`)) {
      bytes += row.text.length;
      await slowly();
    }`,
  'a cursor in a transaction': `
    await db.tx(async (tx) => {
      for await (const row of tx.queryStream(sql\`SELECT repeat('x', 10000) AS text FROM generate_series(1, \${rows}::int)\`)) {
        bytes += row.text.length;
        await slowly();
      }
    });`,
  'a cursor whose first rows are very long': `
    for await (const row of db.queryStream(sql\`SELECT repeat('x', 20000000) AS text FROM generate_series(1, 16)\`)) {
      bytes += row.text.length;
      await slowly();
      gc();
    }`,
  'a cursor in a transaction whose first rows are very long': `
    await db.tx(async (tx) => {
      for await (const row of tx.queryStream(sql\`SELECT repeat('x', 20000000) AS text FROM generate_series(1, 16)\`)) {
        bytes += row.text.length;
        await slowly();
        gc();
      }
    });`,
  'a cursor whose rows become long late': `
    const size = sql\`CASE WHEN i <= 100 THEN 1000 ELSE 5000000 END\`;
    for await (const row of db.queryStream(sql\`SELECT repeat('x', \${size}) AS text FROM generate_series(1, 164) AS i\`)) {
      bytes += row.text.length;
      await slowly();
      gc();
    }`,
  'COPY out': `
    for await (const chunk of db.copyTo(sql\`COPY (SELECT repeat('x', 10000) FROM generate_series(1, 30000)) TO STDOUT\`)) {
      bytes += chunk.length;
      await slowly();
    }`,
  'COPY in': `
    const row = [1, 'x'.repeat(10000)];
    await db.copyFrom(sql\`COPY copied FROM STDIN\`, (async function* () {
      for (let i = 0; i < rows; i++) { bytes += 10000; yield row; await slowly(); }
    })());`,
};

for (const [name, read] of Object.entries(READERS)) {
  test(`24. streams: ${TOTAL_MEGABYTES} MB of ${name} with a slow consumer in little memory`, async (context) => {
    const program = runProgram(
      postgres.url,
      `const {setTimeout: pause} = require('node:timers/promises');
       require('node:v8').setFlagsFromString('--expose-gc');
       const gc = require('node:vm').runInNewContext('gc');
       const rows = ${TOTAL_MEGABYTES * 100};
       const db = createConnectionPool({connectionString: url, poolSize: 1});
       let bytes = 0, steps = 0, most = 0;
       const look = () => { most = Math.max(most, process.memoryUsage.rss()); };
       // One long pause early on: the server would send most of the rest meanwhile if it were let.
       const slowly = () => {
         const before = steps;
         steps = Math.floor(bytes / 1e6);
         if (steps === before) return undefined;
         look();
         return steps >= 20 && before < 20 ? pause(${name.includes('very long') ? 4000 : 1000}) : undefined;
       };
       await db.query(sql\`SELECT repeat('x', 1000000) AS warm\`);
       gc();
       const before = process.memoryUsage.rss();
       ${read}
       look();
       await db.dispose();
       say(JSON.stringify({bytes, growth: (most - before) / 1e6}));`,
    );
    const {code, lines, errors} = await program.ended;
    assert.equal(code, 0, errors);
    const {bytes, growth} = JSON.parse(lines[0] ?? '{}');
    context.diagnostic(`RSS +${Math.round(growth)} MB for ${Math.round(bytes / 1e6)} MB`);
    assert.ok(bytes >= TOTAL_MEGABYTES * 1e6);
    // Half as much again for the moods of the garbage collector; the whole result would be five times as much.
    const most = name.includes('very long') ? MOST_ROWS_GROWTH_MEGABYTES : MOST_GROWTH_MEGABYTES;
    assert.ok(growth < 1.5 * most, `RSS +${growth} MB`);
  });
}

const ROUNDS = 25;

async function* endless(): AsyncGenerator<[number, string]> {
  for (let i = 0; ; i++) {
    yield [i, 'x'.repeat(1000)];
    if (i % 100 === 0) await turn();
  }
}

const endlessCopy = sql`COPY (SELECT i, repeat('x', 1000) FROM (SELECT generate_series(1, 10000000) AS i) AS numbers) TO STDOUT`;

/** Each starts a copy and ends it before its time. */
const ABORTED: Readonly<Record<string, (db: ConnectionPool, round: number) => Promise<unknown>>> = {
  async 'copyFrom by its signal'(db, round) {
    const controller = new AbortController();
    const copy = db.copyFrom(sql`COPY copied FROM STDIN`, endless(), controller);
    const error = failureOf(copy);
    for (let i = 0; i < round; i++) await turn();
    controller.abort();
    assert.equal((await error).name, 'AbortError');
  },
  async 'copyFrom by an error of its source'(db, round) {
    const reason = new Error('the source broke');
    const broken = async function* () {
      let i = 0;
      for await (const row of endless()) {
        if (i++ === round * 40) throw reason;
        yield row;
      }
    };
    assert.equal(await failureOf(db.copyFrom(sql`COPY copied FROM STDIN`, broken())), reason);
  },
  async 'copyTo by its signal'(db, round) {
    const controller = new AbortController();
    const stream = db.copyTo(endlessCopy, controller);
    let chunks = 0;
    const reading = failureOf(
      (async () => {
        for await (const _ of stream) if (chunks++ === round) controller.abort();
      })(),
    );
    assert.equal((await reading).name, 'AbortError');
  },
  async 'copyTo by leaving its loop'(db, round) {
    let chunks = 0;
    for await (const _ of db.copyTo(endlessCopy)) if (chunks++ === round) break;
  },
};

for (const [what, abort] of Object.entries(ABORTED)) {
  test(`24. streams: ${ROUNDS} times ${what} leave a connection that can be used`, async () => {
    await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
    await db.query(sql`TRUNCATE copied`);
    const pid = await processId(db);
    for (let round = 0; round < ROUNDS; round++) {
      await abort(db, round);
      assert.equal(await processId(db), pid, `round ${round}`);
    }
    assert.deepEqual(await db.query(sql`SELECT count(*)::int AS count FROM copied`), [{count: 0}]);
  });
}

test(`24. streams: ${ROUNDS} streams left in the middle of a batch leave a connection that can be used`, async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const pid = await processId(db);
  const numbers = sql`SELECT generate_series(1, 10000000) AS i`;
  for (let round = 0; round < ROUNDS; round++) {
    assert.deepEqual(await firstRow(db.queryStream(numbers)), {i: 1});
    let read = 0;
    const aborted = new AbortController();
    const reading = (async () => {
      for await (const _ of db.queryStream(numbers, aborted)) {
        if (read++ === round * 10) aborted.abort();
      }
    })();
    assert.equal((await failureOf(reading)).name, 'AbortError');
    assert.equal(await processId(db), pid, `round ${round}`);
  }
});
