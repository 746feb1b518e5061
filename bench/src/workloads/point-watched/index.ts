/** `point` while somebody listens to every diagnostics channel and does nothing: what tracing costs by itself. */
import {watchEverything} from '../../watch-everything';
import {point} from '../point';
import type {Workload} from '../workload';

export const pointWatched: Workload = {
  title: `${point.title}, a subscriber on every diagnostics channel`,
  poolSize: point.poolSize,
  inFlight: point.inFlight,
  server: point.server,
  implementations: {
    ours: async () => {
      const {open} = await import('../../peers/ours.js');
      return {
        open: async (options) => {
          watchEverything();
          const session = await open(options);
          return {
            check: () => point.check(session),
            loop: (slot) => point.loop(session, slot),
            close: () => session.close(),
          };
        },
      };
    },
  },
};
