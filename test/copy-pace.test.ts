/** That COPY goes at the pace of the slower side, in either direction, with little memory. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {Socket} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import {test} from 'node:test';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {sql} from '@databases/pg';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';
import {tieSockets} from './support/tie-sockets';

const database = useDatabase();

/** A relay that stops reading from both sides when told to, as a server or network that is stuck. */
async function openSluice(serverUrl: string) {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const state = {bytes: {up: 0, down: 0}};
  const relay = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    tieSockets(client, server, sockets);
    client.on('data', (bytes) => (state.bytes.up += bytes.length));
    server.on('data', (bytes) => (state.bytes.down += bytes.length));
    client.pipe(server);
    server.pipe(client);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = new URL(serverUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    get bytes() {
      return state.bytes;
    },
    close: () => sockets.forEach((socket) => socket.pause()),
    open: () => sockets.forEach((socket) => socket.resume()),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
}

/** Waits until a figure stays what it is for many turns of the event loop. */
async function settled(figure: () => number): Promise<number> {
  let last = -1;
  await eventually('the figure stands still', async () => {
    const before = figure();
    for (let i = 0; i < 200; i++) await turn();
    const stands = before === figure() && before === last;
    last = before;
    return stands;
  });
  return last;
}

test('while the server does not take data, the source is not read', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE slow (word TEXT)`);
  await using sluice = await openSluice(database.url);
  const pool = database.pool({connectionString: sluice.url});
  await pool.query(sql`SELECT 1`);
  const word = 'x'.repeat(10_000);
  const ROWS = 20_000;
  let read = 0;
  function* source() {
    for (; read < ROWS; read++) {
      if (read === 10) sluice.close();
      yield [word];
    }
  }
  const copying = pool.copyFrom(sql`COPY slow FROM STDIN`, source());
  await eventually('the copy is under way', () => read >= 10);
  const stoppedAt = await settled(() => read);
  // What it read beyond is what sockets hold, which is a few megabytes of these 200.
  assert.ok(stoppedAt < ROWS / 4, `${stoppedAt} rows were read`);
  sluice.open();
  assert.equal(await copying, ROWS);
});

test('while nobody reads the stream, the server has to wait', async () => {
  await using sluice = await openSluice(database.url);
  const pool = database.pool({connectionString: sluice.url});
  const SIZE = 200_000_000;
  const copy = pool.copyTo(
    sql`COPY (SELECT repeat('x', 9999) FROM generate_series(1, 20000)) TO STDOUT`,
  );
  let received = 0;
  for await (const chunk of copy) {
    if (received === 0) {
      const stoppedAt = await settled(() => sluice.bytes.down);
      assert.ok(stoppedAt < SIZE / 4, `${stoppedAt} bytes came`);
      assert.ok(copy.readableLength < 1_000_000, `${copy.readableLength} bytes wait`);
    }
    received += chunk.length;
  }
  assert.equal(received, SIZE);
});

test('other work of the process goes on while rows are sent, however fast the server takes them', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE busy (n INT, word TEXT)`);
  const ROWS = 100_000;
  let turns = 0;
  let copied = false;
  const count = () => {
    turns++;
    if (!copied) setImmediate(count);
  };
  count();
  const turnsAt: number[] = [];
  function* source() {
    for (let n = 0; n < ROWS; n++) {
      // Two messages' worth. At first it is asked for a row before anything is sent.
      if (n % 4000 === 1) turnsAt.push(turns);
      yield [n, 'a word of some length, as there are many in the world'];
    }
  }
  assert.equal(await db.copyFrom(sql`COPY busy FROM STDIN`, source()), ROWS);
  copied = true;
  for (const [i, before] of turnsAt.slice(0, -1).entries()) {
    const after = turnsAt[i + 1] ?? 0;
    assert.ok(after > before, `turns of the event loop: ${turnsAt.join(', ')}`);
  }
});

test('memory does not grow with the number of rows', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE many (n INT, word TEXT)`);
  const ROWS = 1_000_000;
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  // What a collection leaves is held by somebody.
  const look = () => {
    collectGarbage();
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  };
  function* source() {
    for (let n = 0; n < ROWS; n++) {
      if (n % 100_000 === 50_000) look();
      yield [n, 'a word of some length, as there are many in the world'];
    }
  }
  assert.equal(await db.copyFrom(sql`COPY many FROM STDIN`, source()), ROWS);
  let received = 0;
  let lookedAt = 0;
  for await (const chunk of db.copyTo(sql`COPY many TO STDOUT (FORMAT binary)`)) {
    received += chunk.length;
    if (received - lookedAt < 10_000_000) continue;
    lookedAt = received;
    look();
  }
  assert.ok(received > 60_000_000);
  // Of 70 MB each way; memory that was collected is given back a little later.
  assert.ok(most < 20_000_000, `${most} bytes of buffers`);
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}
