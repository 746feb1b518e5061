/**
 * The memory that an idle connection takes: 200 are opened, each is used once, and what the process has
 * grown by since before is divided by their number. The operations of the loop only keep the worker's form.
 *
 * The sockets' memory in the kernel is in neither figure. The heap figure has what is outside of the heap and
 * belongs to its objects (Buffers) in it. RSS moves in steps of pages and arenas: expect noise of some KB.
 */
import {repeat} from '../workload';
import type {Implementations} from '../implementations';
import type {Implementation, Workload} from '../workload';
import {collectGarbage} from './collect-garbage';
import type {OpenIdle} from './idle-connections';

const connectionCount = 200;

type One = readonly {readonly one: number}[];

function checkOne(rows: One): void {
  if (rows[0]?.one !== 1) throw new Error('1 came as something else');
}

async function measured(openIdle: OpenIdle): Promise<Implementation> {
  return {
    open: async ({url}) => {
      // What the first connection loads and compiles is not the second one's.
      const first = await openIdle(url, 1);
      await first.close();
      await collectGarbage();
      const before = process.memoryUsage();
      const idle = await openIdle(url, connectionCount);
      await collectGarbage();
      const after = process.memoryUsage();
      const perConnection = (bytes: (usage: NodeJS.MemoryUsage) => number) =>
        (bytes(after) - bytes(before)) / connectionCount;
      return {
        check: async () => {
          checkOne(await idle.ask());
        },
        loop: () => repeat(() => idle.ask(), checkOne),
        figures: () =>
          Promise.resolve({
            rssBytesPerConnection: perConnection((usage) => usage.rss),
            // `external` has the array buffers in it.
            heapBytesPerConnection: perConnection((usage) => usage.heapUsed + usage.external),
          }),
        close: () => idle.close(),
      };
    },
  };
}

const implementations: Implementations = {
  ours: async () => measured((await import('./ours.js')).openIdle),
  postgres: async () => measured((await import('./postgres.js')).openIdle),
  'pg-named': async () => measured((await import('./pg.js')).openIdle),
  'databases-pg': async () => measured((await import('./databases-pg.js')).openIdle),
  floor: async () => measured((await import('./floor.js')).openIdle),
};

export const idleMemory: Workload = {
  title: `memory per idle connection, of ${connectionCount}`,
  poolSize: connectionCount,
  inFlight: 1,
  server: 'memory',
  implementations,
};
