/**
 * Real Postgres servers in the hands of a real Patroni, with etcd, out of Debian's packages and for root only.
 * Postgres is Debian's, because Patroni needs programs that the binaries of npm lack.
 */
import {spawn, spawnSync} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {debianFolder, librariesOf} from './debian-packages';
import {refusedPort} from './ports';

/** The two ways into etcd that Patroni knows of are both only suggested by its package. */
const PACKAGES = [
  'patroni',
  'python3-etcd',
  'etcd-server',
  'postgresql-15',
  'postgresql-client-15',
  'libpq5',
];
/** Neither Postgres nor Patroni runs as root. */
const NOBODY = 65_534;

export interface PatroniInstallation {
  readonly binFolder: string;
  readonly etcd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Undefined on a machine where it does not run and cannot be had. */
export function findPatroni(): PatroniInstallation | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = debianFolder('patroni', PACKAGES);
  if (folder === undefined) return undefined;
  const installation = {
    binFolder: join(folder, 'usr/lib/postgresql/15/bin'),
    etcd: join(folder, 'usr/bin/etcd'),
    environment: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
      LD_LIBRARY_PATH: librariesOf(folder),
    },
  };
  const {binFolder, etcd, environment} = installation;
  const runs = (command: string, ...args: string[]) =>
    spawnSync(command, args, {env: environment, stdio: 'ignore'}).status === 0;
  const complete =
    runs('/usr/bin/python3', '-m', 'patroni', '--version') &&
    runs(etcd, '--version') &&
    runs(join(binFolder, 'postgres'), '--version');
  return complete ? installation : undefined;
}

export interface PatroniCluster extends AsyncDisposable {
  /** `127.0.0.1:port` of each Postgres. */
  readonly hosts: readonly string[];
  /** Kills the Patroni and the Postgres of a node at once, as a machine that is switched off. */
  kill(host: string): void;
  /** What all have printed, for messages. */
  log(): string;
}

export async function startPatroni(
  {binFolder, environment, etcd}: PatroniInstallation,
  nodes: number,
): Promise<PatroniCluster> {
  const home = mkdtempSync(join(tmpdir(), 'patroni-'));
  chownSync(home, NOBODY, NOBODY);
  const children: {child: ChildProcess; ended: Promise<unknown>}[] = [];
  let log = '';
  const hear = (text: string) => (log += text);
  const start = (command: string, args: readonly string[]) => {
    const child = spawn(command, args, {
      cwd: home,
      env: {...environment, HOME: home},
      stdio: ['ignore', 'pipe', 'pipe'],
      uid: NOBODY,
      gid: NOBODY,
    });
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    // Not `close`: a Postgres that Patroni has started holds its pipes open.
    children.push({child, ended: once(child, 'exit')});
    return child;
  };
  const etcdUrl = `127.0.0.1:${await refusedPort()}`;
  const peerUrl = `http://127.0.0.1:${await refusedPort()}`;
  const options = {
    'data-dir': join(home, 'etcd'),
    'initial-cluster': `default=${peerUrl}`,
    'listen-client-urls': `http://${etcdUrl}`,
    'advertise-client-urls': `http://${etcdUrl}`,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
  };
  start(
    etcd,
    Object.entries(options).map(([name, value]) => `--${name}=${value}`),
  );
  const members = new Map<string, {child: ChildProcess; data: string}>();
  for (let index = 0; index < nodes; index++) {
    const host = `127.0.0.1:${await refusedPort()}`;
    const data = join(home, `data-${index}`);
    const api = `127.0.0.1:${await refusedPort()}`;
    const file = join(home, `patroni-${index}.yml`);
    // JSON is YAML.
    writeFileSync(
      file,
      JSON.stringify(configurationOf({index, host, data, api, etcdUrl, home, binFolder})),
    );
    members.set(host, {child: start('/usr/bin/python3', ['-m', 'patroni', file]), data});
  }
  return {
    hosts: [...members.keys()],
    log: () => log,
    kill(host) {
      const member = members.get(host);
      if (member === undefined) throw new Error(`no node ${host}`);
      member.child.kill('SIGKILL');
      killPostgres(member.data, binFolder);
    },
    async [Symbol.asyncDispose]() {
      for (const {child} of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ended}) => ended));
      for (const {data} of members.values()) killPostgres(data, binFolder);
      rmSync(home, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
    },
  };
}

function killPostgres(data: string, binFolder: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid] = readFileSync(file, 'utf8').split('\n');
  if (Number(pid) <= 1) return;
  const children = childrenOf(Number(pid));
  killIfThere(Number(pid), binFolder);
  // Its backends see at their next wait that it is gone, and until then still answer.
  for (const child of children) killIfThere(child, binFolder);
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which is in parentheses and may have any character: the state, then the parent.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** It may have ended by itself and left its file. Told by its program, as backends change their command line. */
function killIfThere(pid: number, binFolder: string): void {
  try {
    if (readlinkSync(`/proc/${pid}/exe`).startsWith(binFolder)) {
      process.kill(pid, 'SIGKILL');
    }
  } catch {
    // No such process.
  }
}

interface Member {
  readonly index: number;
  readonly host: string;
  readonly data: string;
  readonly api: string;
  readonly etcdUrl: string;
  readonly home: string;
  readonly binFolder: string;
}

function configurationOf({index, host, data, api, etcdUrl, home, binFolder}: Member) {
  const trusted = ['local all all trust', 'host all all 127.0.0.1/32 trust'];
  return {
    scope: 'shop',
    name: `node${index}`,
    restapi: {listen: api, connect_address: api},
    etcd3: {host: etcdUrl},
    bootstrap: {
      // The shortest times that Patroni takes.
      dcs: {ttl: 20, loop_wait: 1, retry_timeout: 3, postgresql: {use_slots: false}},
      initdb: [{encoding: 'UTF8'}, 'no-sync'],
    },
    postgresql: {
      listen: host,
      connect_address: host,
      data_dir: data,
      bin_dir: binFolder,
      pgpass: join(home, `pgpass-${index}`),
      pg_hba: [...trusted, 'host replication all 127.0.0.1/32 trust'],
      authentication: {
        superuser: {username: 'postgres', password: 'secret'},
        replication: {username: 'replicator', password: 'secret'},
      },
      parameters: {unix_socket_directories: home, fsync: 'off', shared_buffers: '16MB'},
    },
  };
}
