/** Hostile inputs 25 to 28 and 30: names, floods and values that are within the protocol, and meant badly. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import createConnectionPool, {ValueError, sql} from '@databases/pg';
import {frame, int16, int32} from '../../support/frames';
import {forbidUnhandledErrors} from '../../support/unhandled';
import {bound, column, complete, field, honest, parsed, ready, row, rowDescription} from './frames';
import {assertHealthy, outcomeOf, victimOf, within} from './hostile-server';
import {startRawServer} from './raw-server';

forbidUnhandledErrors();

const answerOf = (names: readonly string[], values: readonly string[]) =>
  Buffer.concat([parsed, rowDescription(...names), bound, row(...values), complete, ready]);

for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
  test(`C2.25 a column named ${name} is an own property, and no prototype is changed`, async () => {
    await using victim = await victimOf(answerOf([name, 'polluted'], ['{"polluted":1}', 'yes']));
    const outcome = await outcomeOf(victim.attack());
    assert.ok(!(outcome instanceof Error), inspect(outcome));
    const [first] = outcome;
    assert.ok(typeof first === 'object' && first !== null);
    assert.deepEqual(Object.keys(first), [name, 'polluted']);
    assert.equal(Object.getOwnPropertyDescriptor(first, name)?.value, '{"polluted":1}');
    assert.equal(Object.getPrototypeOf(first), Object.prototype);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
}

test('C2.26 of columns with the same name the last one stays', async () => {
  await using victim = await victimOf(answerOf(['a', 'b', 'a'], ['1', '2', '3']));
  assert.deepEqual(await outcomeOf(victim.attack()), [{a: '3', b: '2'}]);
});

const codeLike = [
  `"; globalThis.hacked = true; "`,
  `'+(globalThis.hacked=true)+'`,
  '`${globalThis.hacked = true}`',
  'a\nb',
  'a\u2028b',
  'a\\',
  '*/globalThis.hacked=true/*',
  '',
];

test('C2.27 a name is never code: quotes, line breaks, backslashes', async () => {
  // More rows than any decoder waits for before it is compiled.
  const ROWS = 5000;
  const rows = Array.from({length: ROWS}, () => row(...codeLike));
  const bytes = Buffer.concat([
    parsed,
    rowDescription(...codeLike),
    bound,
    ...rows,
    complete,
    ready,
  ]);
  await using victim = await victimOf(bytes);
  const outcome = await outcomeOf(victim.attack());
  assert.ok(!(outcome instanceof Error), inspect(outcome));
  assert.equal(outcome.length, ROWS);
  assert.deepEqual(outcome.at(-1), Object.fromEntries(codeLike.map((name) => [name, name])));
  assert.equal(Reflect.get(globalThis, 'hacked'), undefined);
});

/** Puts these bytes in front of an answer. Gives what memory this process has taken. */
async function flood(bytes: Buffer): Promise<number> {
  await using server = await startRawServer((message, before) => {
    if (message.kind === 'SSLRequest') return Buffer.from('N');
    if (message.kind === 'StartupMessage') return Buffer.concat([frame('R', int32(0)), ready]);
    if (message.kind !== 'Sync') return Buffer.alloc(0);
    return before > 0 ? honest('next') : Buffer.concat([bytes, honest('good')]);
  });
  await using db = createConnectionPool({
    connectionString: `postgres://me@127.0.0.1:${server.port}/db`,
    poolSize: 1,
  });
  const before = process.memoryUsage().rss;
  const rows = await within(db.query(sql`SELECT 'attack'`), 30_000);
  assert.deepEqual(rows, [{answer: 'good'}]);
  assert.deepEqual(await within(db.query(sql`SELECT 'next'`)), [{answer: 'next'}]);
  return process.memoryUsage().rss - before;
}

const FLOOD = process.env['ADVERSITY_LONG'] === '1' ? 1_000_000 : 200_000;
const repeated = (bytes: Buffer) => Buffer.alloc(bytes.length * FLOOD, bytes);

for (const [what, message] of [
  ['notices', frame('N', 'SNOTICE\0C00000\0Mnotice\0\0')],
  ['parameters', frame('S', 'TimeZone\0UTC\0')],
  ['notifications', frame('A', int32(1), 'channel\0payload\0')],
] as const) {
  test(`C2.28 ${FLOOD} ${what} take no memory that stays`, async (context) => {
    const grown = await flood(repeated(message));
    context.diagnostic(
      `RSS +${(grown / 1e6).toFixed(1)} MB, for ${((message.length * FLOOD) / 1e6).toFixed(0)} MB`,
    );
    // The bytes themselves are written by this process as well.
    assert.ok(grown < 128_000_000 + 3 * message.length * FLOOD);
  });
}

test('C2.28 parameters that are all different are refused', async () => {
  const many = Array.from({length: 5000}, (_, index) => frame('S', `p${index}\0value\0`));
  await using victim = await victimOf(Buffer.concat([...many, honest('good')]));
  const outcome = await outcomeOf(victim.attack());
  assert.ok(outcome instanceof Error);
  assert.match(outcome.message, /more than 1000 different parameters/);
  await assertHealthy(victim);
});

const TEXT_ARRAY_OID = 1009;
const INT4_OID = 23;
const JSONB_OID = 3802;

for (const [what, typeOid, text] of [
  ['an array nested 100,000 deep', TEXT_ARRAY_OID, '{'.repeat(100_000)],
  [
    'an array nested 100,000 deep, and closed',
    TEXT_ARRAY_OID,
    '{'.repeat(100_000) + '}'.repeat(100_000),
  ],
  ['an array that does not end', TEXT_ARRAY_OID, '{"a'],
  ['a number that is none', INT4_OID, '12; DROP'],
  ['a document that is none', JSONB_OID, '{"a":'],
  ['a document nested 100,000 deep', JSONB_OID, '['.repeat(100_000)],
] as const) {
  test(`C2.30 ${what} is a value that cannot be read, and the connection stays`, async () => {
    const description = frame('T', int16(1), field('answer', typeOid));
    const value = frame('D', int16(1), column(text));
    const bytes = Buffer.concat([parsed, description, bound, value, complete, ready]);
    await using victim = await victimOf(bytes);
    const outcome = await outcomeOf(victim.attack());
    assert.ok(outcome instanceof ValueError, inspect(outcome).slice(0, 300));
    assert.ok(outcome.message.length < 1000);
    assert.match(outcome.message, /answer/);
    assert.equal(victim.server.accepted, 1);
  });
}
