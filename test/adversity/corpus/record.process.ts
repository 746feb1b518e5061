/**
 * Records what a real Postgres 18 answers to every conversation of the fuzzer, one file each:
 * `npx tsc -b && node test/dist/adversity/corpus/record.process.js`
 *
 * Only needed when the conversations change. The bytes are the server's alone, as they came.
 */
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import createConnectionPool, {sql} from '@databases/pg';
import {startServer} from '@databases/pg-test';
import {RECORDED_PASSWORD, conversationNames, halfOf, startOf} from '#conversations';
import type {Half} from '#conversations';
import {CONVERSATIONS_FOLDER} from '../fuzz/recordings';

/** Talks until all is answered, and gives what the server said. */
async function talk(socket: Socket, half: Half): Promise<Buffer> {
  const said: Buffer[] = [];
  socket.write(half.take());
  for await (const bytes of socket.iterator({destroyOnReturn: false})) {
    if (!Buffer.isBuffer(bytes)) throw new Error('the socket was given an encoding');
    said.push(bytes);
    await half.receive(bytes);
    socket.write(half.take());
    if (half.done) break;
  }
  return Buffer.concat(said);
}

async function record(): Promise<void> {
  await using server = await startServer({
    version: '18',
    hostBasedAuthentication: ['host all start-scram 127.0.0.1/32 scram-sha-256'],
    settings: {scram_iterations: '1'},
  });
  await using db = createConnectionPool(server.connectionString);
  await db.query(sql`CREATE ROLE start LOGIN`);
  await db.query(sql`CREATE ROLE "start-scram" LOGIN`);
  await db.query(
    sql.__dangerous__rawValue(`ALTER ROLE "start-scram" PASSWORD '${RECORDED_PASSWORD}'`),
  );
  mkdirSync(CONVERSATIONS_FOLDER, {recursive: true});
  for (const name of conversationNames) {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const half = halfOf(name);
    if (!name.startsWith('start')) await talk(socket, startOf('start'));
    const said = await talk(socket, half);
    socket.destroy();
    if (!half.done) throw new Error(`${name} was not answered`);
    writeFileSync(join(CONVERSATIONS_FOLDER, `${name}.bin`), said);
    console.log(`${name}: ${said.length} bytes`);
  }
}

void record();
