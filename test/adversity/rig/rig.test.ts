/** The rig itself: a fault that does nothing would make every promise look kept. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {eventually} from '../../support/activity';
import {listen} from '../../support/ports';
import {openChaosProxy} from './chaos-proxy';
import type {ChaosProxy} from './chaos-proxy';
import {startFakeServer} from './fake-server';
import {randomFrom} from './random';

/** A server that sends back what it gets, by way of the proxy. */
async function echo(): Promise<AsyncDisposable & {proxy: ChaosProxy; open(): Promise<Socket>}> {
  const server = await listen((socket) => void socket.pipe(socket));
  const proxy = await openChaosProxy({host: '127.0.0.1', port: server.port});
  const sockets: Socket[] = [];
  return {
    proxy,
    async open() {
      const socket = connect(proxy.port, proxy.host);
      socket.on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function ending(socket: Socket): Promise<string> {
  const ends: string[] = [];
  socket.on('error', (error) => ends.push('code' in error ? String(error.code) : error.message));
  socket.on('end', () => ends.push('FIN'));
  socket.resume();
  // Not `once`, which would reject with the error that is waited for.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return ends.join();
}

async function ask(socket: Socket, text: string): Promise<string> {
  let answer = '';
  socket.write(text);
  while (answer.length < text.length) {
    const [bytes]: unknown[] = await once(socket, 'data');
    answer += String(bytes);
  }
  return answer;
}

void test('the proxy passes bytes on in order', async () => {
  await using rig = await echo();
  rig.proxy.faults = {latencyMilliseconds: 2};
  const socket = await rig.open();
  assert.equal(await ask(socket, 'abc'), 'abc');
  assert.deepEqual(rig.proxy.links[0]?.received, {toServer: 3, toClient: 3});
});

void test('a reset arrives as a reset, a close as a close', async () => {
  await using rig = await echo();
  const reset = await rig.open();
  await ask(reset, 'a');
  rig.proxy.reset();
  assert.equal(await ending(reset), 'ECONNRESET');
  const closed = await rig.open();
  await ask(closed, 'a');
  rig.proxy.close();
  assert.equal(await ending(closed), 'FIN');
});

void test('a refused port refuses until it is healed', async () => {
  await using rig = await echo();
  await rig.proxy.refuse();
  const refused = connect(rig.proxy.port, rig.proxy.host);
  assert.equal(await ending(refused), 'ECONNREFUSED');
  await rig.proxy.heal();
  assert.equal(await ask(await rig.open(), 'back'), 'back');
});

void test('a black hole keeps the connection open and answers nothing', async () => {
  await using rig = await echo();
  const socket = await rig.open();
  await ask(socket, 'a');
  rig.proxy.blackhole();
  const answers: unknown[] = [];
  socket.on('data', (bytes) => answers.push(bytes));
  socket.write('b');
  await eventually('the byte was taken', () => rig.proxy.links[0]?.received.toServer === 2);
  // A second connection that is answered shows that there was time to answer the first.
  assert.equal(await ask(await rig.open(), 'c'), 'c');
  assert.deepEqual(answers, []);
  assert.equal(socket.readyState, 'open');
});

void test('a cut passes on exactly the bytes before it', async () => {
  for (const afterBytes of [0, 1, 4]) {
    await using rig = await echo();
    rig.proxy.faults = {cut: {direction: 'toClient', afterBytes, by: 'close'}};
    const socket = await rig.open();
    let got = '';
    socket.on('data', (bytes) => (got += String(bytes)));
    socket.write('abcdef');
    await ending(socket);
    assert.equal(got, 'abcdef'.slice(0, afterBytes));
  }
});

void test('corrupted bytes arrive corrupted', async () => {
  await using rig = await echo();
  rig.proxy.faults = {
    corrupt: (bytes, direction) =>
      direction === 'toClient' ? Buffer.from(bytes.map((byte) => byte ^ 0x20)) : bytes,
  };
  assert.equal(await ask(await rig.open(), 'abc'), 'ABC');
});

void test('the fake server answers a pool and can leave the protocol', async () => {
  let hostile = false;
  await using server = await startFakeServer({
    script: {query: () => ({columns: ['n'], rows: [['1']]})},
    hostile: (answer) => (hostile ? Buffer.from('?????') : answer),
  });
  const db = createConnectionPool({
    connectionString: server.connectionString,
    onError: () => undefined,
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS n`), [{n: '1'}]);
  hostile = true;
  await assert.rejects(db.query(sql`SELECT 1 AS n`), {name: 'ProtocolError'});
  await db.dispose();
});

function choices(seed: number): number[] {
  const random = randomFrom(seed);
  return Array.from({length: 20}, () => random.between(1, 6));
}

void test('the same seed makes the same choices', () => {
  assert.deepEqual(choices(7), choices(7));
  assert.notDeepEqual(choices(7), choices(8));
  assert.ok(choices(7).every((choice) => choice >= 1 && choice <= 6));
});
