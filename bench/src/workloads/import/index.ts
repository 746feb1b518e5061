/**
 * What a program waits for before its first line: loading the package, in a process that has loaded nothing else.
 *
 * An operation is such a process, from its start to its end; `ops/s` and the latencies are mostly Node's own
 * start, and the CPU in the table is that of the worker, which only waits. The figures count: wall and CPU time of
 * `require` (of `import` for an ES module), measured inside the process, medians of the measured time. The files are
 * in the page cache, and without V8's compile cache, as Node comes. Bun has its client built in: nothing to load.
 */
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {join} from 'node:path';
import type {PeerName} from '../../peers';
import {median} from '../../statistics';
import {repeat} from '../workload';
import type {Implementation, Loop, OpenedWorkload, Workload} from '../workload';
import {isLoading} from './loading';
import type {Loading} from './loading';

const execute = promisify(execFile);

const modules = {
  ours: '@databases/pg',
  postgres: 'peer-postgres',
  'pg-unnamed': 'peer-pg',
  'databases-pg': 'peer-databases-pg',
  postgrejs: 'peer-postgrejs',
} as const satisfies Partial<Record<PeerName, string>>;

function implementation(module: string): () => Promise<Implementation> {
  return () => Promise.resolve({open: () => Promise.resolve(opened(module))});
}

export const importing: Workload = {
  title: 'the package loaded in a fresh process, one after the other',
  poolSize: 0,
  inFlight: 1,
  server: 'memory',
  implementations: {
    ours: implementation(modules.ours),
    postgres: implementation(modules.postgres),
    'pg-unnamed': implementation(modules['pg-unnamed']),
    'databases-pg': implementation(modules['databases-pg']),
    postgrejs: implementation(modules.postgrejs),
  },
};

function opened(module: string): OpenedWorkload {
  let loadings: Loading[] = [];
  const load = () => loadFresh(module);
  const repeatLoad = repeat(load, (loading) => loadings.push(loading));
  // What the warm-up has measured gives way to what the measurement does.
  const loop: Loop = (stopwatch) => {
    loadings = [];
    return repeatLoad(stopwatch);
  };
  return {
    check: async () => {
      await load();
    },
    loop: () => loop,
    close: () => Promise.resolve(),
    figures: () =>
      Promise.resolve({
        importMilliseconds: median(loadings.map(({wallMilliseconds}) => wallMilliseconds)),
        importCpuMilliseconds: median(loadings.map(({cpuMilliseconds}) => cpuMilliseconds)),
      }),
  };
}

async function loadFresh(module: string): Promise<Loading> {
  const {stdout} = await execute(process.execPath, [join(__dirname, 'load.js'), module]);
  const loading: unknown = JSON.parse(stdout);
  if (!isLoading(loading)) throw new Error(`loading ${module} gave ${stdout}`);
  return loading;
}
