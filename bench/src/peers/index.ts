/**
 * The peers by name. Each is loaded only in the process that measures it, so that no peer pays for the
 * memory of another and ours can run where nothing else is installed.
 */
import {scripts} from '../pgbench/scripts';
import type {PgbenchScript} from '../pgbench/scripts';
import type {OpenSession} from './peer';

export type Runtime = 'node' | 'bun';

interface Peer {
  /** `{version}` is filled in by what is installed. */
  readonly title: string;
  /** The npm package under bench/node_modules; none for ours, which needs no installing. */
  readonly package?: string;
  /** What has to be on this machine's PATH. */
  readonly program?: string;
  /** It is pgbench, with these scripts. */
  readonly scripts?: Readonly<Partial<Record<string, PgbenchScript>>>;
  /** What runs the worker. Default `node`. */
  readonly runtime?: Runtime;
  /** Without it the peer runs only the workloads that bring a program for it. */
  readonly load?: () => Promise<{readonly open: OpenSession}>;
}

export const peers = {
  ours: {title: '**ours**', load: () => import('./ours.js')},
  'ours-default': {title: 'ours, keeping 512 statements (the default)'},
  'ours-cluster': {title: 'ours, through a cluster of one server'},
  postgres: {
    title: 'postgres {version}',
    package: 'peer-postgres',
    load: () => import('./postgres.js'),
  },
  bun: {
    title: 'Bun.SQL of Bun {version}',
    package: 'peer-bun',
    runtime: 'bun',
    load: () => import('./bun.js'),
  },
  postgrejs: {
    title: 'postgrejs {version}, prepared connections by hand',
    package: 'peer-postgrejs',
    load: () => import('./postgrejs.js'),
  },
  'pg-pipelined': {
    title: 'pg {version}, pipelined clients by hand',
    package: 'peer-pg',
    load: () => import('./pg-pipelined.js'),
  },
  'pg-named': {
    title: 'pg {version}, named statements',
    package: 'peer-pg',
    load: () => import('./pg-named.js'),
  },
  'pg-unnamed': {
    title: 'pg {version}, unnamed',
    package: 'peer-pg',
    load: () => import('./pg-unnamed.js'),
  },
  'databases-pg': {
    title: '@databases/pg {version}, published',
    package: 'peer-databases-pg',
    load: () => import('./databases-pg.js'),
  },
  // What Node's sockets, the kernel and the server take, whoever the client is.
  floor: {title: 'floor: a bare socket', load: () => import('./floor.js')},
  // Whatever is installed on this machine; no clients of Node's, so they have no session.
  psql: {title: 'psql', program: 'psql'},
  pgbench: {title: 'pgbench: libpq in C', program: 'pgbench', scripts},
} as const satisfies Readonly<Record<string, Peer>>;

/** What can be reached at all: no clients, but the least that has to be done, by Node and by C. */
export const floors = ['floor', 'psql', 'pgbench'] as const;

/**
 * Measured to see how much a client could gain at all, or what goes around it, or is left at its default, takes. No plot
 * compares with them.
 */
export const noRivals: ReadonlySet<string> = new Set([...floors, 'ours-default', 'ours-cluster']);

export type PeerName = keyof typeof peers;

export function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}

export const peerNames: readonly PeerName[] = Object.keys(peers).filter(isPeerName);

/** The table's own type has no field to ask for where a peer leaves it out; `Peer` has. */
export function packageOf(name: PeerName): string | undefined {
  const peer: Peer = peers[name];
  return peer.package;
}

export function loadOf(name: PeerName): Peer['load'] {
  const peer: Peer = peers[name];
  return peer.load;
}

export function runtimeOf(name: PeerName): Runtime {
  const peer: Peer = peers[name];
  return peer.runtime ?? 'node';
}

export function programOf(name: PeerName): string | undefined {
  const peer: Peer = peers[name];
  return peer.program;
}

export function scriptsOf(name: PeerName): Peer['scripts'] {
  const peer: Peer = peers[name];
  return peer.scripts;
}
