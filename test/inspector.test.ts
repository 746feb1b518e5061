/* The page of db.inspector(), in a real browser and on a real pool. */
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {Server} from 'node:http';
import {after, test} from 'node:test';
import type {ConnectionPool} from '@databases/pg';
import {sql} from '@databases/pg';
import {eventually} from './support/activity';
import {findBrowser, startBrowser} from './support/browser';
import type {Browser, Page} from './support/browser';
import {useDatabase} from './support/database';
import {runProgram} from './support/program';

const database = useDatabase();
const PATIENCE_MILLISECONDS = 60_000;

/** Starting a browser and painting on a busy machine takes its time. */
function eventuallyShown(page: Page, what: string, expression: string): Promise<void> {
  return eventually(
    what,
    async () => (await page.evaluate(expression)) === true,
    PATIENCE_MILLISECONDS,
  );
}

const program = findBrowser();
const skip = program === undefined && 'no browser: install chromium, or say BROWSER_PROGRAM';
let browser: Browser | undefined;
const servers: Server[] = [];
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function addressOf(db: ConnectionPool): Promise<string> {
  const server = createServer(db.inspector());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}/`;
}

async function open(url: string, dark = false): Promise<Page> {
  assert.ok(program !== undefined);
  browser ??= await startBrowser(program);
  return browser.open(url, {dark, height: 820});
}

const textOf = (id: string) => `(document.getElementById('${id}')?.innerText ?? '')`;
const shows = (id: string, text: string) => `${textOf(id)}.includes(${JSON.stringify(text)})`;

test(
  'the page shows what runs, what waits, what failed and what took most time',
  {skip},
  async (context) => {
    const db = database.pool({poolName: 'shop', captureStacks: true});
    const end = new AbortController();
    context.after(() => end.abort());
    const page = await open(await addressOf(db));
    await eventuallyShown(page, 'it is live', `${textOf('state')} === 'live'`);
    assert.equal(await page.evaluate(textOf('name')), 'shop');
    assert.equal(await page.evaluate(textOf('lanes')), 'none open');

    await assert.rejects(db.query(sql`SELECT 1 / ${0}::int`));
    const running = db.query(sql`SELECT pg_sleep(${600})`, {signal: end.signal});
    const task = db.task(async function waitingTask() {});
    const query = db.query(sql`SELECT ${'later'}::text AS later`);
    await eventuallyShown(page, 'a query runs', shows('lanes', 'SELECT pg_sleep($1)'));
    await eventuallyShown(page, 'a query waits', shows('waiters', 'SELECT $1::text AS later'));
    assert.equal(await page.evaluate(shows('waiters', 'task')), true);
    assert.equal(await page.evaluate(shows('waiters', 'inspector.test')), true, 'with its place');
    assert.equal(await page.evaluate(shows('failures', '22012')), true);
    assert.equal(await page.evaluate(shows('failures', 'DIVISION_BY_ZERO')), true);
    await eventuallyShown(page, 'the title tells', "document.title === 'shop (2 waiting)'");

    end.abort();
    await assert.rejects(running, {name: 'AbortError'});
    await Promise.all([task, query]);
    await eventuallyShown(page, 'nothing waits', `${textOf('waiters')} === 'nothing waits'`);
    await eventuallyShown(page, 'it was counted', shows('statements', 'SELECT $1::text AS later'));
    assert.deepEqual(page.complaints, []);
  },
);

test('a statement that holds HTML is shown as text, and does not run', {skip}, async () => {
  const db = database.pool({poolName: '<img src=x onerror="window.ran = 1">'});
  const hostile = `<script>window.ran = 1</script><img src=x onerror="window.ran = 1">`;
  await db.query(sql.__dangerous__rawValue(`SELECT '${hostile}' AS html`));
  await assert.rejects(db.query(sql.__dangerous__rawValue(`SELECT '${hostile}' FROM nowhere`)));
  const page = await open(await addressOf(db));
  await eventuallyShown(page, 'it is shown', shows('statements', hostile));
  assert.equal(await page.evaluate(shows('failures', hostile)), true);
  assert.equal(await page.evaluate(shows('name', '<img')), true);
  assert.equal(await page.evaluate('document.querySelectorAll("img").length'), 0);
  assert.equal(await page.evaluate('document.scripts.length'), 1);
  assert.equal(await page.evaluate('window.ran'), undefined);
  assert.deepEqual(page.complaints, []);

  // And if a mistake let markup in, the policy of the page would hold it.
  const added = `(() => {
    const script = document.createElement('script');
    try { script.textContent = 'window.ran = 1'; } catch {}
    document.body.append(script);
    try { document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.ran = 1">'); return 'added'; }
    catch (error) { return error.name; }
  })()`;
  assert.equal(await page.evaluate(added), 'TypeError');
  assert.equal(await page.evaluate('window.ran'), undefined);
});

test('the page says when the program is gone, and goes on when it is back', {skip}, async () => {
  const url = await addressOf(database.pool());
  const server = servers.at(-1);
  const page = await open(url, true);
  await eventuallyShown(page, 'it is live', `${textOf('state')} === 'live'`);
  server?.closeAllConnections();
  server?.close();
  await eventuallyShown(page, 'it is lost', `${textOf('state')}.startsWith('lost')`);
  server?.listen(Number(new URL(url).port), '127.0.0.1');
  await eventuallyShown(page, 'it is live again', `${textOf('state')} === 'live'`);
});

test('an inspector that nobody looks at does not keep the process alive', async () => {
  const {ended} = runProgram(
    database.url,
    `const db = createConnectionPool(url);
     const handler = db.inspector();
     await db.query(sql\`SELECT 1\`);
     say(typeof handler);`,
  );
  const {code, lines} = await ended;
  assert.deepEqual([code, lines], [0, ['function']]);
});

test('the inspector is loaded when it is asked for', async () => {
  const {ended} = runProgram(
    database.url,
    `const loaded = () => Object.keys(require.cache).some((path) => path.includes('/dist/inspector/'));
     const db = createConnectionPool(url);
     await db.query(sql\`SELECT 1\`);
     say(String(loaded()));
     db.inspector();
     say(String(loaded()));`,
  );
  const {lines} = await ended;
  assert.deepEqual(lines, ['false', 'true']);
});
