/** The recipes of examples/, with small numbers: each shows what its README says. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {figures, runExample} from './support/example';
import {useServer} from './support/server';

const postgres = useServer();

/** In a database of its own, because some of them count sessions. */
async function run(name: string, numbers: readonly number[] = []): Promise<string> {
  const database = await postgres.server.createDatabase();
  try {
    return await runExample(name, {DATABASE_URL: database.connectionString}, numbers);
  } finally {
    await database.drop();
  }
}

test('http-service: a service that is replaced under load fails no request', async () => {
  const restarts = 2;
  const output = await run('http-service', [restarts, 500]);
  const [answered = 0, processes, failed] = figures(
    output,
    /^requests +(\d+) answered, by (\d+) processes; (\d+) failed$/m,
  );
  assert.equal(failed, 0, output);
  assert.equal(processes, restarts + 1);
  assert.ok(answered > 0);
  assert.deepEqual(figures(output, /^stored +(\d+) orders, (\d+) invoices$/m), [
    answered,
    answered,
  ]);
  assert.equal(output.match(/ms after SIGTERM, code 0$/gm)?.length, restarts, output);
});

test('job-queue: every job is done once, also that of a worker that was killed', async () => {
  const output = await run('job-queue', [60]);
  assert.match(output, /^60 jobs are done, 0 of them twice, 0 not at all$/m);
  const [killed, heir, ...more] = [...output.matchAll(/^(\w+) begins job 40$/gm)].map(
    ([, name]) => name,
  );
  assert.match(output, new RegExp(`^${killed} is killed$`, 'm'));
  assert.ok(heir !== undefined && heir !== killed, output);
  assert.deepEqual(more, []);
  assert.equal(output.match(/begins job 20$/gm)?.length, 2, 'a job that failed is tried again');
  assert.equal(output.match(/ends, code 0$/gm)?.length, 3, output);
});

test('listen-cache: writes of others show, also those that nobody was told of', async () => {
  const output = await run('listen-cache');
  assert.match(output, /^10000 reads were 10 queries$/m);
  assert.match(output, /^50 writes of others were seen, /m);
  assert.match(output, /^pool: the connection that listens for notifications was lost/m);
  assert.match(output, /^a write that nobody heard of was seen \d+ ms later$/m);
});

test('csv: a table survives the way to a file and back, and a bad line leaves nothing', async () => {
  const output = await run('csv', [20_000]);
  assert.match(output, /^export readings {2}\[#{30}\] 100 %$/m);
  assert.match(output, /^import copies {2}\[#{30}\] 100 %$/m);
  assert.match(output, /^20000 rows were imported; 0 differ$/m);
  assert.match(output, /^refused: COPY copies, line \d+, column id: "not a number"$/m);
  assert.match(output, /^0 rows of it were stored$/m);
  // Of an import that fails there is no bar that says 100 %.
  assert.equal(output.match(/ 100 %$/gm)?.length, 2, output);
});

test('hot-reload: modules come and go, the sessions stay', async () => {
  const output = await run('hot-reload', [4]);
  const [before] = figures(output, /^the page is loaded: (\d+) sessions$/m);
  assert.deepEqual(figures(output, /^it was loaded anew (\d+) times: (\d+) sessions$/m), [
    4,
    before,
  ]);
  const [leaked] = figures(output, /^4 times more, with a pool per load: (\d+) sessions$/m);
  assert.equal(leaked, Number(before) * 5);
});

test(
  'frozen-process: the first request after the frost is answered',
  {skip: process.platform === 'win32' && 'no SIGSTOP'},
  async () => {
    // Connections that were idle for less than a second are not verified.
    const output = await run('frozen-process', [2, 1500]);
    assert.equal(output.match(/^frozen; session ended by the server: true$/gm)?.length, 2, output);
    assert.match(output, /^request 3 was answered after \d+ ms$/m);
  },
);
