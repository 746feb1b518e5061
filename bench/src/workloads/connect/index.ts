/**
 * Connect, ask one thing, disconnect, one after the other: what scripts, functions and cold starts wait for.
 *
 * `connect-trust` is the protocol alone; `connect-scram` adds the password, `connect-tls` TLS with the
 * certificate verified. Every peer gets the same: no TLS where the workload has none, and where it has, the
 * authority to check the server against. Much of an operation is the server's: it starts a process.
 *
 * Connecting runs most of a client's code, each part of it once, and then waits for the server: it takes some 2000 of
 * them until V8 has compiled what it will. They are measured after that, as everything here; what the first of a
 * process take is a figure of its own.
 */
import {pointItem} from '../../data-set';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import {implementationsOf} from '../programs';
import type {Programs} from '../programs';
import {repeat} from '../workload';
import type {OpenedWorkload, Workload} from '../workload';
import type {ConnectProgram, Options} from './program';

const leastWarmUpOperations = 2000;
const coldOperations = 100;

// Encrypts where the server offers it, whatever it is told; so it cannot run `connect-scram`.
const encryptsAlways: Programs<ConnectProgram> = {postgrejs: () => import('./postgrejs.js')};

const others: Programs<ConnectProgram> = {
  ours: () => import('./ours.js'),
  postgres: () => import('./postgres.js'),
  'pg-unnamed': () => import('./pg.js'),
  'databases-pg': () => import('./databases-pg.js'),
  bun: () => import('./bun.js'),
  floor: () => import('./floor.js'),
};

const all: Programs<ConnectProgram> = {...others, ...encryptsAlways};

export const connectTrust = connect('memory', 'no password, no TLS', false, all);
export const connectScram = connect('tls', 'SCRAM, no TLS', false, others);
export const connectTls = connect('tls', 'SCRAM over verified TLS', true, all);

function connect(
  server: Workload['server'],
  how: string,
  encrypted: boolean,
  programs: Programs<ConnectProgram>,
): Workload {
  return {
    title: `connect, one row by primary key, disconnect, one after the other: ${how}`,
    poolSize: 1,
    inFlight: 1,
    server,
    leastWarmUpOperations,
    implementations: implementationsOf(programs, (program, options) =>
      opened(program, options, encrypted),
    ),
  };
}

function opened(
  program: ConnectProgram,
  {url, certificateAuthority}: SessionOptions,
  encrypted: boolean,
): OpenedWorkload {
  if (encrypted && certificateAuthority === undefined) {
    throw new Error('the server has no certificate');
  }
  const options: Options = {
    url,
    ...(encrypted && certificateAuthority !== undefined && {certificateAuthority}),
  };
  let coldMicroseconds = 0;
  let id = 0;
  const ask = () => {
    id += 1;
    return program.ask(options, id);
  };
  const checkRow = (rows: readonly {readonly id: number; readonly name: string}[]) => {
    const row = only(rows);
    if (row.id !== id || row.name !== pointItem(id).name) {
      throw new Error(`point_item ${id} came as ${JSON.stringify(row)}`);
    }
  };
  return {
    check: async () => {
      checkRow(await ask());
      if ((await program.isEncrypted(options)) !== encrypted) {
        throw new Error(`the connection is ${encrypted ? 'not ' : ''}encrypted`);
      }
      const before = process.cpuUsage();
      for (let count = 0; count < coldOperations; count++) checkRow(await ask());
      const {user, system} = process.cpuUsage(before);
      coldMicroseconds = (user + system) / coldOperations;
    },
    loop: () => repeat(ask, checkRow),
    figures: () => Promise.resolve({coldClientMicroseconds: coldMicroseconds}),
    close: () => Promise.resolve(),
  };
}
