/** What becomes of subscriptions when their connection is lost: it comes back, and the gap is told. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, NotificationGap} from '@databases/pg';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';
import {failureOf} from './support/failure';
import {received} from './support/received';
import {openRelay} from './support/relay';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const database = useDatabase();
const restarted = useServer();
forbidUnhandledErrors();

/** Ends the sessions that listen on behalf of `applicationName`. */
async function killListeners(applicationName: string): Promise<number> {
  const rows = await database.db.query(sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = ${applicationName} AND query LIKE '%pg_listening_channels%' AND pid <> pg_backend_pid()
  `);
  return rows.length;
}

function listeningTo(db: ConnectionPool, channel: string) {
  const told = received<string>();
  const gaps = received<NotificationGap>();
  const subscription = db.listen(channel, ({payload}) => told.take(payload), {
    onGap(gap) {
      gaps.take(gap);
      told.take('gap');
    },
  });
  return {told, gaps, subscription};
}

test('a session that is terminated is replaced: each subscription is told of the gap and goes on', async () => {
  const errors = received<Error>();
  const db = database.pool({applicationName: 'killed', onError: errors.take});
  const before = Date.now();
  const [one, two] = [listeningTo(db, 'one'), listeningTo(db, 'two')];
  await Promise.all([one.subscription, two.subscription]);
  await db.notify('one', 'before');
  await one.told.until(1);
  const sure = Date.now();
  assert.equal(await killListeners('killed'), 1);
  const [gap] = await one.gaps.until(1);
  await two.gaps.until(1);
  await db.notify('one', 'after');
  await db.notify('two', 'after');
  assert.deepEqual(await one.told.until(3), ['before', 'gap', 'after']);
  assert.deepEqual(await two.told.until(2), ['gap', 'after']);
  assert.equal(gap?.channel, 'one');
  assert.ok(gap.since.getTime() >= before && gap.since.getTime() <= sure);
  assert.match(gap.reason.message, /terminating connection/);
  assert.match(errors.all[0]?.message ?? '', /listens for notifications was lost .* since 20\d\d-/);
  assert.equal(errors.all.length, 1);
});

test('who listens only since the loss is told of no gap', async () => {
  const errors = received<Error>();
  const db = database.pool({applicationName: 'later', onError: errors.take});
  const early = listeningTo(db, 'later');
  await early.subscription;
  await killListeners('later');
  await errors.until(1);
  const late = listeningTo(db, 'later');
  await early.gaps.until(1);
  await late.subscription;
  await db.notify('later', 'x');
  await late.told.until(1);
  assert.deepEqual(late.told.all, ['x']);
  assert.deepEqual(early.told.all, ['gap', 'x']);
});

for (const mode of ['fast', 'crash'] as const) {
  test(`a server that is restarted (${mode}) is listened to again`, async () => {
    await using db = createConnectionPool({
      connectionString: restarted.url,
      onError: () => undefined,
    });
    const {told, gaps, subscription} = listeningTo(db, 'restarted');
    await subscription;
    await restarted.server.restart(mode);
    await gaps.until(1);
    await db.notify('restarted', 'after');
    assert.deepEqual(await told.until(2), ['gap', 'after']);
    assert.equal(gaps.all.length, 1);
  });
}

test('while the server is away, a call of listen() fails and subscriptions wait', async () => {
  const errors = received<Error>();
  await using db = createConnectionPool({connectionString: restarted.url, onError: errors.take});
  const {told, gaps, subscription} = listeningTo(db, 'waiting');
  await subscription;
  await restarted.server.kill();
  // The loss, and why there is no other connection yet.
  await errors.until(2);
  assert.match(errors.all[1]?.message ?? '', /nothing listens there/);
  const error = await failureOf(db.listen('new', () => undefined));
  assert.equal(error.code, 'PG_CONNECT_FAILED');
  await restarted.server.restart();
  await gaps.until(1);
  await db.notify('waiting', 'after');
  assert.deepEqual(await told.until(2), ['gap', 'after']);
});

const HEARTBEAT_MILLISECONDS = 250;

test('a connection that is half-open is found within two heartbeats, and replaced', async () => {
  await using relay = await openRelay(restarted.server);
  const errors = received<Error>();
  await using db = createConnectionPool({
    connectionString: urlWith(restarted.url, {port: relay.port, parameters: {sslmode: 'disable'}}),
    listenHeartbeatMilliseconds: HEARTBEAT_MILLISECONDS,
    onError: errors.take,
  });
  const {told, gaps, subscription} = listeningTo(db, 'half-open');
  await subscription;
  // The question with the first LISTEN is answered; let one heartbeat be, too.
  const asked = () =>
    (
      Buffer.concat(relay.sent.flat())
        .toString()
        .match(/listening_channels/g) ?? []
    ).length;
  await eventually('a heartbeat', () => asked() >= 2);
  const silentAt = performance.now();
  const silentSince = Date.now();
  relay.silence();
  await errors.until(1);
  const found = performance.now() - silentAt;
  assert.match(
    errors.all[0]?.message ?? '',
    /no answer within 250 ms \(listenHeartbeatMilliseconds\)/,
  );
  // Two heartbeats and the turn of grace; the rest is for a machine that is busy.
  assert.ok(found < 2 * HEARTBEAT_MILLISECONDS + 1000, `${found} ms`);
  const [gap] = await gaps.until(1);
  assert.ok(gap !== undefined && gap.since.getTime() <= silentSince);
  await db.notify('half-open', 'after');
  assert.deepEqual(await told.until(2), ['gap', 'after']);
});

test('a process that is busy for longer than a heartbeat does not lose its connection', async () => {
  const errors = received<Error>();
  const db = database.pool({listenHeartbeatMilliseconds: 40, onError: errors.take});
  const {told, subscription} = listeningTo(db, 'busy');
  await subscription;
  for (let i = 0; i < 3; i++) {
    const busyUntil = performance.now() + 150;
    while (performance.now() < busyUntil);
    await db.notify('busy', String(i));
    await told.until(i + 1);
  }
  assert.deepEqual(told.all, ['0', '1', '2']);
  assert.deepEqual(errors.all, []);
});

test('a server that never answers fails listen() after queueTimeoutMilliseconds', async () => {
  await using relay = await openRelay(restarted.server);
  await using db = createConnectionPool({
    connectionString: urlWith(restarted.url, {port: relay.port, parameters: {sslmode: 'disable'}}),
    queueTimeoutMilliseconds: 300,
  });
  await using _ = await db.listen('first', () => undefined);
  relay.silence();
  const error = await failureOf(db.listen('second', () => undefined));
  assert.equal(error.code, 'CONNECTION_POOL:QUEUE_TIMEOUT');
  assert.match(
    error.message,
    /did not listen to "second" within 300 ms \(queueTimeoutMilliseconds\)/,
  );
});

test('a subscription that is closed while its connection is away is not brought back', async () => {
  const db = database.pool({applicationName: 'given up', onError: () => undefined});
  const {gaps, subscription} = listeningTo(db, 'given up');
  const opened = await subscription;
  const killed = received<Error>();
  await using other = database.pool({applicationName: 'given up', onError: killed.take});
  await using _ = await other.listen('given up', () => undefined);
  assert.equal(await killListeners('given up'), 2);
  await killed.until(1);
  await opened.close();
  await using fresh = await db.listen('given up', () => undefined);
  await fresh.close();
  assert.deepEqual(gaps.all, []);
});
