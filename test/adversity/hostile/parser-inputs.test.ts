/**
 * What a server may not send (reliability.md, C2, items 1 to 19), over TCP against a pool: the query gets a
 * ProtocolError, the connection is closed, and nobody gets an answer that was not for them.
 *
 * The pure parts are tested beside their modules (protocol/framing, protocol/messages); this is the whole way.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import {ConnectionError, ProtocolError, sql} from '@databases/pg';
import {frame, header, int16, int32} from '../../support/frames';
import {forbidUnhandledErrors} from '../../support/unhandled';
import {
  bound,
  column,
  complete,
  described,
  field,
  honest,
  parsed,
  ready,
  row,
  rowDescription,
} from './frames';
import {assertHealthy, outcomeOf, victimOf, within} from './hostile-server';
import type {Victim} from './hostile-server';

forbidUnhandledErrors();

const end = Buffer.concat([complete, ready]);
const twoColumns = Buffer.concat([parsed, rowDescription('answer', 'other'), bound]);

/** Bytes in place of the answer; what comes behind what is wrong would be a good answer. */
const refused: readonly [string, readonly Buffer[]][] = [
  ['C2.1 a length of 0', [described, header('D', 0), row('forged'), end]],
  ['C2.2 a length of 3', [described, header('D', 3), row('forged'), end]],
  ['C2.3 a length of -1', [described, header('D', -1), row('forged'), end]],
  ['C2.4 a length of 2 GiB', [described, header('D', 0x7fffffff), row('forged'), end]],
  ['C2.6 an unknown type', [described, frame('?'), row('forged'), end]],
  ['C2.6 a type of 0xff', [described, frame('\u00ff'), row('forged'), end]],
  [
    'C2.7 a RowDescription of 65,535 columns that has one',
    [parsed, frame('T', int16(65_535), field('answer')), bound, row('forged'), end],
  ],
  [
    'C2.8 a count of columns that cannot be in the frame',
    [parsed, frame('T', int16(3), field('a'), field('b')), bound, row('forged'), end],
  ],
  [
    'C2.9 a column name that does not end',
    [parsed, frame('T', int16(1), 'a name that goes on and on and on'), bound, row('forged'), end],
  ],
  ['C2.10 a row of more columns than described', [described, row('forged', 'more'), end]],
  ['C2.11 a row of fewer columns than described', [twoColumns, row('forged'), end]],
  [
    'C2.12 a column that is longer than its frame',
    [described, frame('D', int16(1), column('forged', 500)), row('neighbour bytes'), end],
  ],
  ['C2.13 a column of -2 bytes', [described, frame('D', int16(1), column('', -2)), end]],
  [
    'C2.14 bytes behind the last column',
    [described, frame('D', int16(1), column('forged'), 'more'), end],
  ],
  [
    'C2.14 bytes behind the status of ReadyForQuery',
    [described, row('forged'), complete, frame('Z', 'II')],
  ],
  [
    'C2.14 bytes behind the last field of RowDescription',
    [parsed, frame('T', int16(1), field('answer'), 'x'), bound, row('forged'), end],
  ],
  [
    'C2.14 bytes behind BindComplete',
    [parsed, rowDescription('answer'), frame('2', 'x'), row('forged'), end],
  ],
  [
    'C2.15 a row before its description',
    [parsed, row('forged'), rowDescription('answer'), bound, end],
  ],
  ['C2.15 a row of a statement without rows', [parsed, frame('n'), bound, row('forged'), end]],
  ['C2.17 a status X', [described, row('forged'), complete, frame('Z', 'X')]],
  ['C2.17 no status', [described, row('forged'), complete, frame('Z')]],
  ['C2.18 a second CommandComplete', [described, row('forged'), complete, complete, ready]],
  [
    'C2.18 a second result',
    [described, row('good'), complete, rowDescription('answer'), row('forged'), end],
  ],
  ['C2.19 a request for the password', [described, row('forged'), frame('R', int32(3)), end]],
  ['C2.19 a SASL exchange', [described, frame('R', int32(10), 'SCRAM-SHA-256\0\0'), end]],
  ['C2.20 CopyBothResponse', [described, frame('W', Uint8Array.of(0), int16(0)), end]],
  [
    'C2.20 CopyInResponse, and a result behind it',
    [described, frame('G', Uint8Array.of(0), int16(0)), row('forged'), end],
  ],
  [
    'C2.21 an ErrorResponse that does not end',
    [described, frame('E', 'SERROR\0Mforged'.padEnd(100_000, '!')), ready],
  ],
  [
    'C2.21 an ErrorResponse without its last zero',
    [described, frame('E', 'SERROR\0Mforged\0'), ready],
  ],
];

/** Neither the answer of the attack nor anything of it may be what another query gets. */
async function assertNotAttributed(neighbour: Promise<readonly unknown[]>): Promise<void> {
  const outcome = await outcomeOf(neighbour);
  if (outcome instanceof Error) assert.ok(!inspect(outcome).includes('forged'), inspect(outcome));
  else assert.deepEqual(outcome, [{answer: 'neighbour'}]);
}

async function assertRefused(victim: Victim): Promise<Error> {
  const attack = victim.attack();
  const neighbour = victim.db.query(sql`SELECT 'neighbour'`);
  const [outcome] = await Promise.all([outcomeOf(attack), assertNotAttributed(neighbour)]);
  assert.ok(outcome instanceof ProtocolError, inspect(outcome));
  assert.ok(outcome.message.length < 30_000);
  await victim.closed;
  await assertHealthy(victim);
  return outcome;
}

for (const [name, bytes] of refused) {
  test(`${name} is a ProtocolError, and the pool goes on`, async () => {
    await using victim = await victimOf(Buffer.concat(bytes));
    const whole = await assertRefused(victim);
    assert.doesNotMatch(inspect(whole), /forged|neighbour bytes/);
  });
}

test('C2.5 one byte at a time, every one of them is the same error', async () => {
  for (const [name, bytes] of refused) {
    const sent = Buffer.concat(bytes);
    if (sent.length > 1000) continue;
    await using whole = await victimOf(sent);
    await using cut = await victimOf(sent, {delivery: 'one byte at a time'});
    const errors = await Promise.all([assertRefused(whole), assertRefused(cut)]);
    assert.equal(errors[0].message, errors[1].message, name);
  }
});

test('C2.5 a good answer one byte at a time is that answer', async () => {
  await using victim = await victimOf(honest('good'), {delivery: 'one byte at a time'});
  assert.deepEqual(await outcomeOf(victim.attack()), [{answer: 'good'}]);
});

const unsolicited: readonly [string, Buffer][] = [
  ['C2.16 an extra ReadyForQuery', ready],
  ['C2.18 an unsolicited CommandComplete', complete],
  ['C2.18 an unsolicited result', Buffer.concat([described, row('forged'), end])],
  [
    'C2.18 an unsolicited result of the simple protocol',
    Buffer.concat([rowDescription('answer'), row('forged'), end]),
  ],
  ['C2.18 an unsolicited error', Buffer.concat([frame('E', 'SERROR\0C22012\0Mforged\0\0'), ready])],
  ['C2.19 a request for the password', frame('R', int32(3))],
  ['C2.20 an unasked CopyInResponse', frame('G', Uint8Array.of(0), int16(0))],
];

for (const [name, bytes] of unsolicited) {
  test(`${name} behind an answer closes the connection, and is no answer to the next query`, async () => {
    await using victim = await victimOf(Buffer.concat([honest('good'), bytes]));
    assert.deepEqual(await outcomeOf(victim.attack()), [{answer: 'good'}]);
    await assertHealthy(victim);
    await victim.closed;
    assert.equal(victim.server.accepted, 2);
    for (const {received} of victim.server.backends) {
      assert.ok(received.every(({kind}) => kind !== 'PasswordMessage'));
    }
  });

  test(`${name} behind an answer is no answer to a query that waits for the connection`, async () => {
    await using victim = await victimOf(Buffer.concat([honest('good'), bytes]));
    const attack = victim.db.task(async (task) => task.query(sql`SELECT 'attack'`));
    const waiting = victim.db.query(sql`SELECT 'neighbour'`);
    assert.deepEqual(await outcomeOf(attack), [{answer: 'good'}]);
    await assertNotAttributed(waiting);
    await assertHealthy(victim);
  });
}

test('C2.21 the text of a server that cannot fork is shown, up to 30 KB', async () => {
  // In place of the answer to the startup message; it is 200 characters there, too.
  const text = 'Ecould not fork new process for connection: out of memory'.padEnd(100_000, '!');
  await using victim = await victimOf(Buffer.concat([honest('good'), Buffer.from(text)]));
  assert.deepEqual(await outcomeOf(victim.attack()), [{answer: 'good'}]);
  await assertHealthy(victim);
});

for (const [where, bytes] of [
  ['within a header', Buffer.concat([described, Buffer.from('D\0')])],
  ['within a row', Buffer.concat([described, row('forged').subarray(0, -2)])],
  ['before the answer', Buffer.alloc(0)],
] as const) {
  test(`C2.22 an answer that ends ${where} is a lost connection, at once`, async (context) => {
    let endedAt = 0;
    await using victim = await victimOf(bytes, {
      afterwards(socket) {
        endedAt = performance.now();
        socket.end();
      },
    });
    const outcome = await outcomeOf(victim.attack());
    const took = performance.now() - endedAt;
    assert.ok(outcome instanceof ConnectionError, inspect(outcome));
    assert.equal(outcome.code, 'PG_CONNECTION_LOST');
    assert.equal(outcome.sent, 'maybe');
    context.diagnostic(`rejected ${took.toFixed(1)} ms after the end`);
    assert.ok(took < 1100);
    await within(assertHealthy(victim));
  });
}
