/* `databases-pg doctor` in front of everything that it is for: the right step, the right cause, no password. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {startCluster} from '@databases/pg-test';
import type {Cluster} from '@databases/pg-test';
import {makeCertificates} from './support/certificates';
import {gate} from './support/gate';
import {listen, refusedPort} from './support/ports';
import {postgresVersion, useServer} from './support/server';
import {urlWith} from './support/url';

const program = join(__dirname, '../../packages/pg/bin/databases-pg.js');
const certificates = makeCertificates();
const withTls = (name: 'right' | 'wrongHost' | 'expired') => ({tls: certificates[name]});

const protectedServer = useServer(
  {
    ...withTls('right'),
    authentication: 'scram-sha-256',
    settings: {max_connections: '5', superuser_reserved_connections: '1'},
    hostBasedAuthentication: ['host all outcast 127.0.0.1/32 reject'],
  },
  async (url) => {
    await using db = createConnectionPool(url);
    await db.query(sql`CREATE ROLE outcast LOGIN`);
  },
);
const wrongHostServer = useServer(withTls('wrongHost'));
const expiredServer = useServer(withTls('expired'));

const folder = mkdtempSync(join(tmpdir(), 'databases-pg-doctor-'));
after(() => rmSync(folder, {recursive: true}));
const authority = join(folder, 'authority.crt');
writeFileSync(authority, certificates.authority.certificate);
const verified = {sslmode: 'verify-full', sslrootcert: authority};

interface Examined {
  readonly exitCode: number;
  readonly text: string;
  readonly errors: string;
}

function doctor(...args: string[]): Promise<Examined> {
  // Of this machine's own settings none may count.
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && name !== 'DATABASE_URL',
  );
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, 'doctor', ...args],
      {cwd: folder, env: {...Object.fromEntries(kept), HOME: folder}},
      (_, text, errors) => resolve({exitCode: child.exitCode ?? -1, text, errors}),
    );
  });
}

function property(value: unknown, ...path: (string | number)[]): unknown {
  let found: unknown = value;
  for (const name of path) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return found;
}

/** Exit code 1, and exactly this step of the first host failed, for this reason. */
async function assertFails(url: string, step: string, summary: RegExp): Promise<unknown> {
  const {exitCode, text, errors} = await doctor(url, '--json');
  assert.equal(errors, '');
  assert.equal(exitCode, 1, text);
  const report: unknown = JSON.parse(text);
  assert.equal(property(report, 'failedStep'), step, text);
  const steps = property(report, 'hosts', 0, 'steps');
  assert.ok(Array.isArray(steps));
  const failed = steps.filter((found) => property(found, 'status') === 'fail');
  assert.equal(failed.length, 1);
  assert.match(String(property(failed[0], 'summary')), summary);
  const advice = property(failed[0], 'advice');
  assert.ok(Array.isArray(advice) && advice.length > 0, 'it says what to change');
  return failed[0];
}

test('a server that is fine is said to be so, and the exit code is 0', async () => {
  const {exitCode, text} = await doctor(protectedServer.url, '--pool-size', '3');
  assert.equal(exitCode, 0, text);
  assert.match(text, /✓ authentication .*scram-sha-256/);
  assert.match(text, new RegExp(`Postgres ${postgresVersion}[.\\d]*, primary`));
  assert.match(text, /✓ pooler/);
  assert.match(text, /✓ a connection to 127\.0\.0\.1:\d+ works/);
  assert.ok(!text.includes('\u001B'), 'no colours where the output is not a terminal');
});

test('the certificate is summed up and said to be verified', async () => {
  const {text} = await doctor(urlWith(protectedServer.url, {parameters: verified}));
  assert.match(text, /certificate +CN=right/);
  assert.match(text, /valid +\w+ .* to /);
  assert.match(text, /verified +yes/);
});

test('more connections than the server allows are a warning', async () => {
  const {exitCode, text} = await doctor(protectedServer.url, '--processes', '4');
  assert.equal(exitCode, 0, text);
  assert.match(
    text,
    /! connections .*poolSize 10 x 4 processes = 40, and the server allows only 4/,
  );
});

test('nothing listening fails at TCP', async () => {
  const url = `postgres://me:hunter2@127.0.0.1:${await refusedPort()}/db`;
  await assertFails(url, 'tcp', /nothing listens/);
});

/** Which addresses localhost has is the machine's affair. */
function comparable(output: string): string {
  return output
    .replaceAll(/ +\d+(?:\.\d)? ms/g, ' n ms')
    .replace(/localhost is .*/, 'localhost is')
    .replace(/ECONNREFUSED .*?(?= \(nothing)/, 'ECONNREFUSED');
}

test('the page of the guide shows what is printed, times aside', async () => {
  const page = readFileSync(join(__dirname, '../../docs/guide/doctor.md'), 'utf8');
  const [, shown] = /```text[^\n]*\n(.*?)```/s.exec(page) ?? [];
  const {text} = await doctor('postgres://me:hunter2@localhost:1/db');
  assert.equal(comparable(text), comparable(shown ?? ''));
});

test('a host name that nobody knows fails at DNS', async () => {
  // RFC 6761: .invalid is never given to anybody. Without a network the name server does not answer.
  await assertFails('postgres://me@nowhere.invalid/db', 'dns', /not known|name server/);
});

for (const sslmode of ['prefer', 'disable']) {
  test(`a web server on the port fails at the protocol with sslmode=${sslmode}`, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const port = property(server.address(), 'port');
      const url = `postgres://me@127.0.0.1:${String(port)}/db?sslmode=${sslmode}`;
      await assertFails(url, 'protocol', /HTTP/);
    } finally {
      server.close();
    }
  });
}

test('an expired certificate fails at TLS and shows its dates', async () => {
  const url = urlWith(expiredServer.url, {parameters: verified});
  const step = await assertFails(url, 'tls', /expired/);
  assert.match(JSON.stringify(property(step, 'facts')), /"valid"/);
});

test('a certificate for another host fails at TLS and shows whom it is for', async () => {
  const url = urlWith(wrongHostServer.url, {parameters: verified});
  const step = await assertFails(url, 'tls', /for another host/);
  assert.match(JSON.stringify(property(step, 'facts')), /db\.example\.com/);
});

test('an authority that is not trusted fails at TLS', async () => {
  const url = urlWith(wrongHostServer.url, {parameters: {sslmode: 'verify-full'}});
  await assertFails(url, 'tls', /not signed by an authority/);
});

test('a server without the TLS that is asked for fails at TLS', async () => {
  await using plain = await listen((socket) => socket.on('data', () => socket.write('N')));
  const url = `postgres://me@127.0.0.1:${plain.port}/db?sslmode=require`;
  await assertFails(url, 'tls', /does not offer TLS/);
});

test('a wrong password fails at the authentication and is not shown', async () => {
  const url = urlWith(protectedServer.url, {password: 'hunter2'});
  await assertFails(url, 'authentication', /refused the password/);
  for (const args of [[url], [url, '--json'], [url, url], ['--unknown', url]]) {
    const {exitCode, text, errors} = await doctor(...args);
    assert.equal(exitCode, 1);
    assert.ok(!`${text}${errors}`.includes('hunter2'));
  }
});

test('a user that pg_hba.conf rejects fails at the authentication', async () => {
  const url = urlWith(protectedServer.url, {user: 'outcast'});
  await assertFails(url, 'authentication', /pg_hba\.conf/);
});

test('a database that does not exist fails at the session', async () => {
  const url = urlWith(protectedServer.url, {database: 'nowhere'});
  await assertFails(url, 'session', /database "nowhere" does not exist/);
});

test('a server without a free connection fails at the session', async () => {
  await using db = createConnectionPool({connectionString: protectedServer.url, poolSize: 5});
  const released = gate();
  const held: Promise<void>[] = [];
  for (let i = 0; i < 5; i++) {
    await new Promise<void>((resolve, reject) => {
      const task = db.task(async (connection) => {
        await connection.query(sql`SELECT 1`);
        resolve();
        await released.opened;
      });
      task.catch(reject);
      held.push(task);
    });
  }
  try {
    await assertFails(protectedServer.url, 'session', /connections .* are taken/);
  } finally {
    released.open();
    await Promise.all(held);
  }
});

test('a server that is starting fails at the session', async () => {
  // As postmaster.c says it: between TCP and authentication, for as long as recovery takes.
  const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
  const refusal = Buffer.from(
    `E\0\0\0${String.fromCharCode(fields.length + 4)}${fields}`,
    'latin1',
  );
  await using starting = await listen((socket) => {
    socket.on('data', (chunk) => {
      if (chunk.length === 8) socket.write('N');
      else socket.end(refusal);
    });
  });
  const url = `postgres://me@127.0.0.1:${starting.port}/db`;
  await assertFails(url, 'session', /takes no sessions yet/);
});

test('silence in place of an answer fails at the protocol when the time is over', async () => {
  await using silent = await listen(() => undefined);
  const url = `postgres://me@127.0.0.1:${silent.port}/db?connect_timeout=2`;
  await assertFails(url, 'protocol', /within 2000 ms/);
});

test('a configuration that cannot be understood fails there, and nothing is tried', async () => {
  const {exitCode, text} = await doctor('mysql://me:hunter2@localhost/db', '--json');
  assert.equal(exitCode, 1);
  const report: unknown = JSON.parse(text);
  assert.equal(property(report, 'failedStep'), 'configuration');
  assert.deepEqual(property(report, 'hosts'), []);
  assert.ok(!text.includes('hunter2'));
});

test('a pooler is told by the process that it announces', async () => {
  // Everything passes but the number of the process, as PgBouncer makes one up.
  const {connect} = await import('node:net');
  const {host, port} = wrongHostServer.server;
  await using pooler = await listen((client) => {
    const upstream = connect(port, host);
    client.on('data', (bytes) => upstream.write(bytes)).on('close', () => upstream.destroy());
    upstream
      .on('error', () => undefined)
      .on('data', (bytes) => {
        const at = bytes.indexOf('K\0\0\0', 0, 'latin1');
        if (at !== -1) bytes.writeInt32BE(-7, at + 5);
        client.write(bytes);
      });
  });
  const url = urlWith(wrongHostServer.url, {
    port: pooler.port,
    parameters: {sslmode: 'disable'},
  });
  const {exitCode, text} = await doctor(url);
  assert.equal(exitCode, 0, text);
  assert.match(text, /! pooler .*PgBouncer or another pooler/);
});

let cluster: Cluster | undefined;
before(async () => {
  cluster = await startCluster({version: String(postgresVersion)});
});
after(() => cluster?.stop());

function members() {
  const standby = cluster?.replicas[0];
  assert.ok(cluster !== undefined && standby !== undefined);
  return {primary: cluster.primary, standby};
}

test('a standby where writing is wanted fails at the role', async () => {
  const {standby} = members();
  const url = urlWith(standby.connectionString, {parameters: {target_session_attrs: 'read-write'}});
  await assertFails(
    url,
    'role',
    /is a standby and target_session_attrs=read-write asks for another/,
  );
});

test('of several hosts each is examined, with how far the standby is behind', async () => {
  const {primary, standby} = members();
  const {user, database} = primary;
  const hosts = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`;
  const url = `postgres://${user}@${hosts}/${database}?target_session_attrs=read-write`;
  const {exitCode, text} = await doctor(url);
  assert.equal(exitCode, 0, text);
  assert.match(text, /✓ replication/);
  assert.match(text, new RegExp(`127\\.0\\.0\\.1:${standby.port} +\\d+ bytes, [\\d.]+ s behind`));
  assert.match(text, /1 of 2 hosts can be used/);
});

function commandLine(
  ...args: string[]
): Promise<{code: number | null; output: string; complaint: string}> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], (_error, output, complaint) =>
      resolve({code: child.exitCode, output, complaint}),
    );
  });
}

test('whoever does not know the commands is told both, without hearing an argument again', async () => {
  for (const [args, code] of [
    [['--help'], 0],
    [['help'], 0],
    [[], 1],
    [['postgres://me:hunter2@localhost/db'], 1],
  ] as const) {
    const said = await commandLine(...args);
    assert.equal(said.code, code);
    const text = code === 0 ? said.output : said.complaint;
    assert.match(text, /pg doctor .*\n.*pg watch /);
    assert.doesNotMatch(text, /hunter2/);
  }
  assert.match((await commandLine('doctor', '--help')).output, /--pool-size/);
});
