/**
 * What goes wrong during a soak, on purpose. Each fault is over when its promise resolves: the network passes
 * everything on again and the server answers; what it broke stays broken.
 */
import {setTimeout as delay} from 'node:timers/promises';
import {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import type {Server} from '@databases/pg-test';
import type {ChaosProxy} from '../rig/chaos-proxy';
import {randomFrom} from '../rig/random';
import type {Random} from '../rig/random';

export const APPLICATION_NAME = 'soak';

export interface Battlefield {
  readonly server: Server;
  readonly proxy: ChaosProxy;
  /** Not by way of the proxy. */
  readonly admin: ConnectionPool;
}

export interface Fault {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  /** Connections stay open and nothing comes through: only a client that watches them finds out. */
  readonly isSilent?: true;
  inflict(field: Battlefield, random: Random): Promise<unknown>;
}

async function backends({admin}: Battlefield): Promise<number[]> {
  const rows = await admin.query(
    sql`SELECT pid FROM pg_stat_activity WHERE application_name = ${APPLICATION_NAME} ORDER BY pid`,
  );
  return rows.map((row) => Number(row.pid));
}

async function pickBackend(field: Battlefield, random: Random): Promise<number | undefined> {
  const processIds = await backends(field);
  return processIds.length === 0 ? undefined : random.pick(processIds);
}

function aLink({proxy}: {readonly proxy: ChaosProxy}, random: Random) {
  const {links} = proxy;
  return links.length === 0 ? undefined : random.pick(links);
}

/** Command tags of what changed something. */
const ACKNOWLEDGEMENT = /INSERT 0 |COMMIT\0|COPY \d/;
const NOTHING = Buffer.alloc(0);

const FAULTS: readonly Fault[] = [
  {
    name: 'reset one connection',
    weight: 4,
    inflict: async (field, random) => aLink(field, random)?.reset(),
  },
  {
    name: 'close one connection',
    weight: 4,
    inflict: async (field, random) => aLink(field, random)?.close(),
  },
  {
    name: 'lose what one connection sends',
    weight: 3,
    isSilent: true,
    inflict: async (field, random) => aLink(field, random)?.blackhole(),
  },
  {name: 'reset all', weight: 2, inflict: async ({proxy}) => proxy.reset()},
  {name: 'close all', weight: 1, inflict: async ({proxy}) => proxy.close()},
  {
    name: 'a dark network',
    weight: 1,
    isSilent: true,
    async inflict({proxy}, random) {
      proxy.admission = 'blackhole';
      proxy.blackhole();
      await delay(random.between(100, 500));
      proxy.admission = 'pass';
      // Connections that were begun in the dark would else stay there until their deadline.
      for (const link of proxy.links) if (link.received.toClient === 0) link.reset();
    },
  },
  {
    name: 'a slow network',
    weight: 3,
    async inflict({proxy}, random) {
      proxy.faults = {latencyMilliseconds: random.between(2, 30)};
      await delay(300);
      proxy.faults = {};
    },
  },
  {
    // The hardest to be honest about: it has been done, and the answer is lost.
    name: 'acknowledgements lost',
    weight: 6,
    async inflict({proxy}, random) {
      const chance = randomFrom(random.between(0, 2 ** 31));
      proxy.faults = {
        corrupt(bytes, direction, offset) {
          const isAcknowledgement =
            direction === 'toClient' && ACKNOWLEDGEMENT.test(bytes.toString('latin1'));
          if (!isAcknowledgement || chance.next() > 0.3) return bytes;
          const end = offset + bytes.length;
          proxy.links.find(({received}) => received.toClient === end)?.reset();
          return NOTHING;
        },
      };
      // Only new connections have it.
      proxy.reset();
      await delay(300);
      proxy.faults = {};
    },
  },
  {
    name: 'new connections reset',
    weight: 2,
    async inflict({proxy}, random) {
      proxy.admission = random.pick(['reset', 'close']);
      aLink({proxy}, random)?.reset();
      await delay(random.between(50, 300));
      proxy.admission = 'pass';
    },
  },
  {
    name: 'port closed',
    weight: 2,
    async inflict({proxy}, random) {
      await proxy.refuse();
      await delay(random.between(50, 300));
      await proxy.heal();
    },
  },
  {
    name: 'terminate a backend',
    weight: 4,
    async inflict(field, random) {
      const processId = await pickBackend(field, random);
      if (processId === undefined) return;
      await field.admin.query(sql`SELECT pg_terminate_backend(${processId}::int)`);
    },
  },
  {
    name: 'terminate all backends',
    weight: 1,
    async inflict(field) {
      const processIds = await backends(field);
      await field.admin.query(
        sql`SELECT pg_terminate_backend(pid) FROM unnest(${processIds}::int[]) AS pid`,
      );
    },
  },
  {
    name: 'kill -9 a backend',
    weight: 1,
    async inflict(field, random) {
      const processId = await pickBackend(field, random);
      // The postmaster then ends all sessions and recovers.
      if (processId !== undefined) process.kill(processId, 'SIGKILL');
    },
  },
  {
    name: 'pause the server',
    weight: 2,
    async inflict({server}, random) {
      server.pause();
      await delay(random.between(100, 800));
      server.resume();
    },
  },
  {
    name: 'restart the server',
    weight: 1,
    inflict: ({server}, random) => server.restart(random.pick(['fast', 'immediate', 'crash'])),
  },
];

/** One of them, as often as their weights say. */
export function pickFault(random: Random, withSilent: boolean): Fault {
  const weighted = FAULTS.filter(({isSilent}) => withSilent || isSilent !== true).flatMap((fault) =>
    Array.from({length: fault.weight}, () => fault),
  );
  return random.pick(weighted);
}
