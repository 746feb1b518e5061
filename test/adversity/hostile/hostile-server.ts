/**
 * A server that answers one query with the bytes of a test, and any other query with the text it asks for.
 */
import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import type {Socket} from 'node:net';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {gate} from '../../support/gate';
import {startFakeServer} from '../rig/fake-server';
import type {FakeServer} from '../rig/fake-server';

const PASSWORD = 'hunter2-hunter3';

/** However an input is taken, it is taken within this time: none may hang. */
const PATIENCE_MILLISECONDS = 3000;

export interface Victim extends AsyncDisposable {
  readonly db: ConnectionPool;
  readonly server: FakeServer;
  /** Sends the query that gets the bytes of the test for an answer. */
  attack(): Promise<readonly unknown[]>;
  /** Resolves when the client has closed the connection that got them. */
  readonly closed: Promise<void>;
}

export type Delivery = 'in one piece' | 'one byte at a time';

/** `afterwards` is what the server does behind the bytes. */
export async function victimOf(
  bytes: Buffer,
  {
    delivery = 'in one piece',
    afterwards,
    options = {},
  }: {
    delivery?: Delivery;
    afterwards?: (socket: Socket) => void;
    options?: ConnectionPoolConfig;
  } = {},
): Promise<Victim> {
  let attacked: unknown;
  const closed = gate();
  const server = await startFakeServer({
    script: {
      query: (text) => ({columns: ['answer'], rows: [[/'(.*)'/.exec(text)?.[1] ?? text]]}),
    },
    hostile(answer, backend, socket) {
      const asked = backend.received.some(
        (message) => message.kind === 'Parse' && message.text.includes('attack'),
      );
      // It says nothing of its own any more: the bytes of the test are all that may be answered to.
      if (backend === attacked) return Buffer.alloc(0);
      if (attacked !== undefined || !asked) return answer;
      attacked = backend;
      socket.once('close', () => closed.open());
      void deliver(bytes, delivery, socket).then(() => afterwards?.(socket));
      return Buffer.alloc(0);
    },
  });
  const db = createConnectionPool({
    connectionString: `postgres://me:${PASSWORD}@127.0.0.1:${server.port}/db`,
    poolSize: 1,
    ...options,
  });
  return {
    db,
    server,
    attack: () => db.query(sql`SELECT 'attack'`),
    get closed() {
      return within(closed.opened);
    },
    async [Symbol.asyncDispose]() {
      // The server first: where a test has failed, a query may wait for an answer that it never gives.
      await server[Symbol.asyncDispose]();
      await db.dispose();
    },
  };
}

async function deliver(bytes: Buffer, delivery: Delivery, socket: Socket): Promise<void> {
  if (delivery === 'in one piece') {
    socket.write(bytes);
    return;
  }
  for (const byte of bytes) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The promise, or a failure where it does not settle: a hang is what most of these tests are about. */
export async function within<T>(
  promise: Promise<T>,
  milliseconds = PATIENCE_MILLISECONDS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({message: `no answer in ${milliseconds} ms`})),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** How a query ended: its rows, or an error that shows no secret. */
export async function outcomeOf(
  query: Promise<readonly unknown[]>,
): Promise<readonly unknown[] | PgError> {
  try {
    return await within(query);
  } catch (error) {
    assert.ok(error instanceof PgError, inspect(error));
    assertNoSecret(error);
    return error;
  }
}

export function assertNoSecret(error: Error): void {
  const shown = [
    inspect(error, {depth: Infinity, showHidden: true}),
    String(error),
    error.stack ?? '',
    JSON.stringify(error),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
  ];
  for (const text of shown) assert.doesNotMatch(text, /hunter/);
}

/** The pool answers, on a connection of its own, and with nobody else's answer. */
export async function assertHealthy({db}: Pick<Victim, 'db'>): Promise<void> {
  assert.deepEqual(await within(db.query(sql`SELECT 'next'`)), [{answer: 'next'}]);
}
