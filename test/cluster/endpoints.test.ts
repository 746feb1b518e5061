/** Names that lead to several servers, and to others after a failover, as managed services have them. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {Socket} from 'node:net';
import {test} from 'node:test';
import {ConnectionError, sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import type {Server} from '@databases/pg-test';
import {failureOf} from '../support/failure';
import {until} from '../support/replicated';
import {postgresVersion} from '../support/server';
import {tieSockets} from '../support/tie-sockets';

/** The server as if it were at another address of this machine. Gives the port. */
async function serveAt(address: string, port: number, server: Server) {
  const target = new URL(server.connectionString);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    tieSockets(client, upstream, sockets);
    client.pipe(upstream);
    upstream.pipe(client);
  }).listen(port, address);
  await once(proxy, 'listening');
  const bound = proxy.address();
  assert.ok(bound !== null && typeof bound === 'object');
  return {
    port: bound.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

void test('the nodes are those that the names lead to, after a failover as well', async () => {
  await using servers = await startCluster({version: String(postgresVersion), replicas: 1});
  const [replica] = servers.replicas;
  assert.ok(replica);
  await using first = await serveAt('127.0.0.2', 0, servers.primary);
  await using _ = await serveAt('127.0.0.3', first.port, replica);
  const addresses = new Map([
    ['writer', ['127.0.0.2']],
    ['readers', ['127.0.0.3']],
  ]);
  const {port} = first;
  const {username, password, pathname} = new URL(servers.primary.connectionString);
  await using db = createCluster({
    hosts: [`writer:${port}`, `readers:${port}`],
    resolve: async (host) => addresses.get(host) ?? [],
    resolveMilliseconds: 50,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    onError() {},
  });
  const names = () =>
    db
      .nodes()
      .map(({name}) => name.replace(`:${port}`, ''))
      .toSorted();
  const isStandby = async () => {
    const [row] = await db.replica.query(sql`SELECT pg_is_in_recovery() AS standby`);
    return row.standby === true;
  };
  await db.query(sql`CREATE TABLE led (id int)`);
  assert.deepEqual(names(), ['readers/127.0.0.3', 'writer/127.0.0.2']);
  await until(isStandby);
  // One address at a time, in turn: the other is still a node.
  addresses.set('readers', ['127.0.0.2']);
  addresses.set('writer', ['127.0.0.2']);
  let looks = 0;
  addresses.get = (host) => {
    looks++;
    return Map.prototype.get.call(addresses, host);
  };
  await until(() => looks > 4);
  assert.deepEqual(names(), ['readers/127.0.0.3', 'writer/127.0.0.2']);

  await servers.catchUp();
  await servers.primary.kill();
  await replica.promote();
  addresses.set('writer', ['127.0.0.3']);
  await db.query(sql`INSERT INTO led VALUES (1)`);
  addresses.set('readers', ['127.0.0.3', '127.0.0.4']);
  await until(() => !names().includes('writer/127.0.0.2'));

  const second = await servers.addReplica(replica);
  await using third = await serveAt('127.0.0.4', port, second);
  assert.equal(third.port, port);
  await until(isStandby);
  assert.deepEqual(names(), ['readers/127.0.0.3', 'readers/127.0.0.4']);
  assert.deepEqual(await db.query(sql`SELECT id FROM led`), [{id: 1}]);
});

void test('a name that leads nowhere is told of, and found once it leads somewhere', async () => {
  await using servers = await startCluster({version: String(postgresVersion), replicas: 0});
  const target = new URL(servers.primary.connectionString);
  let phase: 'unknown' | 'known' = 'unknown';
  await using db = createCluster(
    {
      hosts: [`writer:${target.port}`],
      async resolve(host) {
        if (phase === 'unknown') throw new Error(`no such name: ${host}`);
        return ['127.0.0.1'];
      },
      resolveMilliseconds: 20,
      user: decodeURIComponent(target.username),
      password: decodeURIComponent(target.password),
      database: target.pathname.slice(1),
    },
    {failoverTimeoutMilliseconds: 200},
  );
  const failure = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(failure instanceof ConnectionError && failure.sent === 'no');
  assert.match(failure.message, /no such name: writer/);
  phase = 'known';
  await until(() => db.nodes().length === 1);
  assert.deepEqual(await db.query(sql`SELECT 2 AS two`), [{two: 2}]);
});

void test('what cannot be looked up is refused at once', () => {
  const options = {hosts: ['writer:5432'], resolveMilliseconds: 1000};
  assert.throws(
    () => createCluster({...options, connectionString: 'postgres://localhost'}),
    /user, password and database by themselves/,
  );
  assert.throws(() => createCluster({...options, resolveMilliseconds: -1}), /from 0, not -1/);
});
