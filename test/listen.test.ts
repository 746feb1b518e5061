/** What `listen` and `notify` do while all goes well. Losing the connection: listen-loss.test.ts. */
import assert from 'node:assert/strict';
import {AsyncLocalStorage} from 'node:async_hooks';
import {test} from 'node:test';
import {UsageError, sql} from '@databases/pg';
import type {Notification, Subscription} from '@databases/pg';
import {countSessions, eventually, processId} from './support/activity';
import {useDatabase} from './support/database';
import {failureOf} from './support/failure';
import {received} from './support/received';
import {runProgram} from './support/program';
import {forbidUnhandledErrors} from './support/unhandled';

const database = useDatabase();
forbidUnhandledErrors();

const ignore = () => undefined;

async function refused(call: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await failureOf(call);
  assert.ok(error instanceof UsageError, String(error));
  assert.match(error.message, message);
  assert.equal(error.code, 'PG_INVALID_ARGUMENT');
}

test('a handler is given channel, payload and the process that notified', async () => {
  const {db} = database;
  const notifications = received<Notification>();
  await using subscription = await db.listen('orders', notifications.take);
  assert.equal(subscription.channel, 'orders');
  await db.task(async (task) => {
    await task.notify('orders', 'paid');
    const [notification] = await notifications.until(1);
    assert.deepEqual(notification, {
      channel: 'orders',
      payload: 'paid',
      processId: await processId(task),
    });
  });
});

test('a notification without a payload has an empty one', async () => {
  const notifications = received<Notification>();
  await using _ = await database.db.listen('bare', notifications.take);
  await database.db.notify('bare');
  assert.equal((await notifications.until(1))[0]?.payload, '');
});

test('ten thousand notifications arrive all, in order', async () => {
  const payloads = received<string>();
  await using _ = await database.db.listen('burst', ({payload}) => payloads.take(payload));
  await database.db.query(
    sql`SELECT pg_notify('burst', number::text) FROM generate_series(1, 10000) number`,
  );
  await payloads.until(10_000);
  assert.deepEqual(
    payloads.all,
    Array.from({length: 10_000}, (__, index) => String(index + 1)),
  );
});

test('a notification goes to all handlers of its channel and to no other', async () => {
  const {db} = database;
  const told = received<string>();
  await db.listen('a', ({payload}) => told.take(`first of a: ${payload}`));
  await db.listen('a', ({payload}) => told.take(`second of a: ${payload}`));
  await db.listen('b', ({payload}) => told.take(`b: ${payload}`));
  await db.notify('a', 'x');
  await db.notify('b', 'y');
  assert.deepEqual(await told.until(3), ['first of a: x', 'second of a: x', 'b: y']);
});

test('channels are named letter for letter', async () => {
  const {db} = database;
  const names = [
    'Upper',
    'upper',
    'with "quotes"',
    "it's",
    '; DROP TABLE x',
    'größe 😀',
    'é'.repeat(31),
  ];
  const channels = received<string>();
  const subscriptions = await Promise.all(
    names.map((name) => db.listen(name, ({channel}) => channels.take(channel))),
  );
  for (const name of names) await db.notify(name);
  assert.deepEqual(await channels.until(names.length), names);
  await Promise.all(subscriptions.map((subscription) => subscription.close()));
});

test('a name or payload that Postgres does not take is refused before anything is sent', async () => {
  const db = database.pool({applicationName: 'refused'});
  await refused(db.listen('', ignore), /empty/);
  await refused(db.listen('é'.repeat(32), ignore), /64 bytes .* takes 63/);
  await refused(db.listen('a\0b', ignore), /zero character/);
  await refused(db.listen('\ud800', ignore), /half a character/);
  await refused(db.notify('é'.repeat(32)), /64 bytes/);
  await refused(db.notify('a', 'é'.repeat(4000)), /8000 bytes and Postgres takes 7999/);
  // @ts-expect-error -- JavaScript programs may pass it
  await refused(db.notify('a', {payload: 1}), /JSON\.stringify/);
  // @ts-expect-error -- the same
  await refused(db.listen('a'), /handler of listen\(\) must be a function/);
  assert.equal(await countSessions(database.db, 'refused'), 0);
});

test('the longest payload arrives whole', async () => {
  const payloads = received<string>();
  await using _ = await database.db.listen('long', ({payload}) => payloads.take(payload));
  const longest = 'é'.repeat(3999) + 'x';
  await database.db.notify('long', longest);
  assert.deepEqual(await payloads.until(1), [longest]);
});

test('what is notified in a transaction arrives when it commits, and never if it does not', async () => {
  const {db} = database;
  const payloads = received<string>();
  await using _ = await db.listen('committed', ({payload}) => payloads.take(payload));
  await db
    .tx(async (tx) => {
      await tx.notify('committed', 'rolled back');
      throw new Error('no');
    })
    .catch(() => undefined);
  await db.tx(async (tx) => {
    await tx.notify('committed', 'in the transaction');
    // Another session's commit comes first, though it notified later.
    await using other = database.pool();
    await other.notify('committed', 'outside');
    await payloads.until(1);
    assert.deepEqual(payloads.all, ['outside']);
  });
  assert.deepEqual(await payloads.until(2), ['outside', 'in the transaction']);
});

test('listening takes one session for all channels, beside those of the pool, and none afterwards', async () => {
  const db = database.pool({applicationName: 'counted'});
  const sessions = () => countSessions(database.db, 'counted');
  const subscriptions = await Promise.all(['a', 'b', 'a'].map((name) => db.listen(name, ignore)));
  assert.equal(await sessions(), 1);
  await db.query(sql`SELECT 1`);
  assert.equal(await sessions(), 2);
  for (const subscription of subscriptions) await subscription.close();
  // The socket is closed; the server may take a moment to say so.
  await eventually('the session is over', async () => (await sessions()) === 1);
  const again = received<string>();
  await using _ = await db.listen('a', ({payload}) => again.take(payload));
  await db.notify('a', 'again');
  assert.deepEqual(await again.until(1), ['again']);
});

test('after close() its handler is not called, and those of others are', async () => {
  const {db} = database;
  const closed = received<string>();
  const open = received<string>();
  const subscription = await db.listen('closing', ({payload}) => closed.take(payload));
  await using _ = await db.listen('closing', ({payload}) => open.take(payload));
  await db.notify('closing', 'before');
  await closed.until(1);
  const closing = subscription.close();
  await db.notify('closing', 'after');
  assert.deepEqual(await open.until(2), ['before', 'after']);
  assert.deepEqual(closed.all, ['before']);
  await closing;
  await subscription.close();
});

test('a handler that closes the next one of its channel keeps the notification from it', async () => {
  const db = database.pool();
  const told = received<string>();
  const subscriptions: Subscription[] = [];
  for (const name of ['first', 'second', 'third']) {
    subscriptions.push(
      await db.listen('next', () => {
        told.take(name);
        void subscriptions[1]?.close();
      }),
    );
  }
  await db.notify('next');
  assert.deepEqual(await told.until(2), ['first', 'third']);
});

test('the last handler of a channel gone, the server does not listen to it any more', async () => {
  const {db} = database;
  const channels = received<string>();
  await using _ = await db.listen('kept', ({channel}) => channels.take(channel));
  const left = await db.listen('left', ({channel}) => channels.take(channel));
  await left.close();
  await using back = await db.listen('left', ({channel}) => channels.take(`${channel} again`));
  await db.notify(back.channel);
  await db.notify('kept');
  assert.deepEqual(await channels.until(2), ['left again', 'kept']);
});

test('a handler may close its subscription and subscribe anew', async () => {
  const db = database.pool();
  const told = received<string>();
  const first = await db.listen('changing', ({payload}) => {
    told.take(`first: ${payload}`);
    void first.close();
    void db
      .listen('changing', (later) => told.take(`second: ${later.payload}`))
      .then(() => told.take('subscribed'));
  });
  await db.notify('changing', '1');
  await told.until(2);
  await db.notify('changing', '2');
  assert.deepEqual(await told.until(3), ['first: 1', 'subscribed', 'second: 2']);
  await db.dispose();
});

test('a handler that throws, or is async and rejects, is told to onError and stops nothing', async () => {
  const errors = received<string>();
  const db = database.pool({onError: (error) => errors.take(error.message)});
  const payloads = received<string>();
  await db.listen('failing', () => {
    throw new Error('thrown');
  });
  await db.listen('failing', () => Promise.reject(new Error('rejected')));
  await db.listen('failing', ({payload}) => payloads.take(payload));
  await db.notify('failing', '1');
  await db.notify('failing', '2');
  assert.deepEqual(await payloads.until(2), ['1', '2']);
  await errors.until(4);
  assert.deepEqual(errors.all.toSorted(), ['rejected', 'rejected', 'thrown', 'thrown']);
});

test('an onError that throws ends nothing either', async () => {
  const payloads = received<string>();
  const db = database.pool({
    onError: () => {
      throw new Error('of onError');
    },
  });
  await using _ = await db.listen('worse', ({payload}) => {
    payloads.take(payload);
    throw new Error('of the handler');
  });
  await db.notify('worse', '1');
  await db.notify('worse', '2');
  assert.deepEqual(await payloads.until(2), ['1', '2']);
});

test('a handler runs in the async context that listen() was called in, without its transaction', async () => {
  const db = database.pool();
  const storage = new AsyncLocalStorage<string>();
  const called = received<unknown>();
  const stored = received<unknown>();
  const listen = (name: string) =>
    storage.run(name, () =>
      db.listen('context', async () => {
        called.take(name);
        // poolSize is 1: inside of the transaction this would be refused as waiting for itself.
        const [row] = await db.query(sql`SELECT 1 AS one`);
        stored.take([storage.getStore(), row.one]);
      }),
    );
  await db.tx(async () => {
    await listen('first');
    await listen('second');
    await database.db.notify('context');
    await called.until(2);
  });
  assert.deepEqual(await stored.until(2), [
    ['first', 1],
    ['second', 1],
  ]);
});

test('dispose() ends subscriptions, and calls of listen() that are under way', async () => {
  const db = database.pool({applicationName: 'disposed'});
  const payloads = received<string>();
  await db.listen('disposed', ({payload}) => payloads.take(payload));
  const pending = failureOf(db.listen('pending', () => undefined));
  await db.dispose();
  assert.equal((await pending).code, 'PG_USED_AFTER_END');
  assert.equal((await failureOf(db.listen('late', () => undefined))).code, 'PG_USED_AFTER_END');
  const other = received<string>();
  await using observer = database.pool();
  await using _ = await observer.listen('disposed', ({payload}) => other.take(payload));
  await observer.notify('disposed', 'late');
  await other.until(1);
  assert.deepEqual(payloads.all, []);
  await eventually('it is over', async () => (await countSessions(observer, 'disposed')) === 0);
});

test('dispose() while the first connection is being opened leaves none behind', async () => {
  const db = database.pool({applicationName: 'hasty'});
  const pending = failureOf(db.listen('hasty', () => undefined));
  await db.dispose();
  assert.equal((await pending).code, 'PG_USED_AFTER_END');
  await using observer = database.pool();
  await eventually('it is over', async () => (await countSessions(observer, 'hasty')) === 0);
});

test('a subscription keeps the process alive, and nothing else does once it is closed', async () => {
  const program = runProgram(
    database.url,
    `const db = createConnectionPool(url);
     const subscription = await db.listen('stop', async () => {
       say('told');
       await subscription.close();
     });
     say('listening');`,
  );
  await program.said('listening');
  await using observer = database.pool();
  await observer.notify('stop');
  const {code, lines, errors} = await program.ended;
  assert.deepEqual({code, lines, errors}, {code: 0, lines: ['listening', 'told'], errors: ''});
});
