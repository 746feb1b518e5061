/** What a log of pino has of queries that take long, connections that are held and errors: codes, and nothing secret. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {sql} from '@databases/pg';
import pino from 'pino';
import {useDatabase} from './support/database';
import {readBlocks} from './support/guide-blocks';

const database = useDatabase();
const root = join(__dirname, '../..');
const PAGE = 'docs/guide/observability.md';

type Line = Readonly<Record<string, unknown>>;

function lineOf(text: string): Line {
  const line: unknown = JSON.parse(text);
  assert.ok(typeof line === 'object' && line !== null);
  return Object.fromEntries(Object.entries(line));
}

/** What pino writes of an error, with its own serializer. */
function logged(err: unknown, options: pino.LoggerOptions = {}): {text: string; err: Line} {
  let text = '';
  const log = pino(options, {write: (line: string) => void (text += line)});
  log.error({err}, 'database');
  return {text, err: lineOf(JSON.stringify(lineOf(text)['err']))};
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );
}

/** The block of the guide that sets pino up, with times that a test can wait for. */
function blockOfGuide(): string {
  const blocks = readBlocks(PAGE, readFileSync(join(root, PAGE), 'utf8'));
  const code = blocks.find(({options}) => options.testedBy === 'test/pino.test.ts')?.code ?? '';
  const quick = code
    .replace('slowQueryMilliseconds: 500', 'slowQueryMilliseconds: 50')
    .replace('leakWarningMilliseconds: 30_000', 'leakWarningMilliseconds: 50');
  assert.match(quick, /slowQueryMilliseconds: 50,[^]*leakWarningMilliseconds: 50,/);
  return quick;
}

test('the block of the guide logs slow queries, also those that fail, and connections that are held', async () => {
  const program = `import createConnectionPool, {sql} from '@databases/pg';
    ${blockOfGuide()}
    const secret = 'a-secret-value';
    await db.query(sql\`SELECT pg_sleep(\${0.1}), \${secret}::text\`);
    await db.query(sql\`SELECT pg_sleep(0.1), 1 / length(\${secret}) / (random() * 0)::int\`).catch(() => undefined);
    await db.task((task) => task.query(sql\`SELECT pg_sleep(0.4), \${secret}::text AS held\`));
    await db.dispose();`;
  const {stdout} = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    {cwd: root, env: {...process.env, DATABASE_URL: database.url}},
  );
  assert.doesNotMatch(stdout, /a-secret-value/);
  const lines = stdout.trim().split('\n').map(lineOf);
  const slow = lines.filter(({msg}) => msg === 'slow query');
  // The first use of a connection may be slow as well.
  const [first, failed] = slow.filter(({queryText}) => /pg_sleep/.test(String(queryText)));
  assert.deepEqual(
    [first?.['level'], first?.['queryText'], first?.['parameterCount'], first?.['err']],
    [40, 'SELECT pg_sleep($1), $2::text', 2, undefined],
  );
  assert.ok(Number(first?.['milliseconds']) >= 50);
  const error = lineOf(JSON.stringify(failed?.['err']));
  assert.deepEqual([error['code'], error['message']], ['22012', 'division by zero']);
  const held = lines.find(({msg}) => msg === 'database');
  assert.equal(held?.['level'], 50);
  const warning = lineOf(JSON.stringify(held['err']));
  assert.deepEqual([warning['type'], warning['code']], ['UsageError', 'PG_CONNECTION_HELD']);
  assert.match(String(warning['message']), /held by a task for 50 ms/);
});

test('an error of Postgres is logged with its SQLSTATE, whether it was sent, and without the parameters', async () => {
  const query = sql`SELECT ${'a-secret-value'}::text, 1 / ${0}::int AS n`;
  const {text, err} = logged(await failureOf(database.db.query(query)));
  assert.deepEqual([err['code'], err['sent'], err['severity']], ['22012', 'no', 'ERROR']);
  assert.match(String(err['stack']), /pino\.test/);
  assert.doesNotMatch(text, /a-secret-value/);
});

test('what Postgres itself quotes is in `detail`, where it can be left out', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE member (email text PRIMARY KEY)`);
  const insert = sql`INSERT INTO member VALUES (${'jane@example.com'})`;
  await db.query(insert);
  const error = await failureOf(db.query(insert));
  assert.match(logged(error).text, /Key \(email\)=\(jane@example\.com\)/);
  const {text, err} = logged(error, {redact: ['err.detail', 'err.where']});
  assert.deepEqual([err['code'], err['constraint']], ['23505', 'member_pkey']);
  assert.doesNotMatch(text, /jane/);
});

test('an error of connecting is logged with its code, and without the password', async () => {
  const url = new URL(database.url);
  url.username = 'nobody';
  url.password = 'a-secret-password';
  url.pathname = '/not_there';
  const refused = database.pool({connectionString: url.href});
  const unheard = database.pool({
    connectionString: `postgres://nobody:a-secret-password@127.0.0.1:1/not_there`,
    connectionTimeoutMilliseconds: 500,
  });
  for (const [pool, code] of [
    [refused, /^(28000|28P01|3D000)$/],
    [unheard, /^PG_/],
  ] as const) {
    const {text, err} = logged(await failureOf(pool.query(sql`SELECT 1`)));
    assert.match(String(err['code']), code);
    assert.equal(err['sent'], 'no');
    assert.doesNotMatch(text, /a-secret-password/);
  }
});
