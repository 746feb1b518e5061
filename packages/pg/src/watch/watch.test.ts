import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readArguments} from './arguments';
import {programPicture} from './program';
import {sessionsPicture} from './sessions';
import {renderDuration, renderTable} from './terminal-table';

test('a target and options, in any order', () => {
  assert.deepEqual(readArguments(['--once', 'watch', 'http://localhost:1', '--interval', '200']), {
    help: false,
    once: true,
    json: false,
    target: 'http://localhost:1',
    intervalMilliseconds: 200,
  });
});

test('what is wrong is said without repeating what may be a secret', () => {
  for (const args of [
    [],
    ['look'],
    ['watch', '--postgres://user:secret@host'],
    ['watch', 'secret', 'secret'],
    ['watch', '--interval', 'secret'],
    ['watch', '--interval', '0'],
  ]) {
    const outcome = readArguments(args);
    assert.ok(typeof outcome === 'string', args.join(' '));
    assert.doesNotMatch(outcome, /secret/);
  }
});

test('lines end where the terminal does, and colours after them', () => {
  const columns = [
    {title: 'A', cell: (text: string) => ({text, colour: 31})},
    {title: 'NUMBER', align: 'right' as const, cell: () => 7},
    {title: 'LONG', cell: () => 'x'.repeat(100)},
  ];
  assert.deepEqual(renderTable(columns, ['red'], {colours: true, columns: 18}), [
    '\u001B[2mA\u001B[0m    \u001B[2mNUMBER\u001B[0m  \u001B[2mLONG\u001B[0m',
    '\u001B[31mred\u001B[0m       7  xxxxx',
  ]);
  assert.deepEqual(renderTable(columns, ['red'], {colours: true, columns: 2}), [
    '\u001B[2mA\u001B[0m',
    '\u001B[31mre\u001B[0m',
  ]);
  assert.deepEqual(renderTable(columns, [], {colours: false}), []);
});

test('nothing that is shown moves the cursor', () => {
  const evil = 'SELECT \u001B[2J\u009B31m\n\u202E1';
  const session = {
    pid: 1,
    user: evil,
    application: evil,
    state: 'active',
    wait: evil,
    waitsFor: null,
    blockedBy: [2],
    query: evil,
    stateMilliseconds: 10,
    transactionMilliseconds: null,
  };
  const lines = sessionsPicture({database: evil, version: evil}, [session]).render({
    colours: false,
  });
  // oxlint-disable-next-line no-control-regex
  for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001F\u007F-\u009F\u202E]/);
});

test('the picture of a program shows what there is, and no tables of nothing', () => {
  const counts = {total: 1, idle: 0, leased: 0, busy: 1, connecting: 0, waiting: 1, max: 1};
  const picture = programPicture({
    ...counts,
    name: 'shop',
    serverAddress: 'db',
    serverPort: 5432,
    database: 'shop',
    limits: {
      poolSize: 1,
      queueTimeoutMilliseconds: 0,
      queryTimeoutMilliseconds: 0,
      idleTimeoutMilliseconds: 0,
      maxUses: 0,
      maxLifetimeMilliseconds: 0,
    },
    totals: {opened: 1, closed: 0, openFailures: 0, leases: 0, queries: 3, queueTimeouts: 0},
    lanes: [
      {
        phase: 'slow',
        inFlight: 1,
        uses: 4,
        ageMilliseconds: 61_000,
        processId: 77,
        preparedStatements: 2,
        running: {text: 'SELECT pg_sleep($1)', milliseconds: 1500},
        lease: undefined,
      },
    ],
    waiters: [
      {
        purpose: 'task',
        waitedMilliseconds: 12,
        text: undefined,
        site: '    at f (a.js:1:1)\n at g',
      },
    ],
    failures: [],
    statements: [],
  });
  assert.deepEqual(picture.render({colours: false}), [
    'shop on db:5432/shop',
    '1 of 1 connections: 0 idle, 1 busy, 0 leased, 0 connecting; 1 wait; 3 queries, 0 timeouts',
    '',
    'PID  IS      FOR  IN FLIGHT      AGE  RUNS',
    ' 77  slow  1.5 s          1  1.0 min  SELECT pg_sleep($1)',
    '',
    'WAITS FOR  WHAT  STATEMENT OR PLACE',
    '    12 ms  task  at f (a.js:1:1)',
  ]);
});

test('durations are read at a glance', () => {
  const shown = [0.25, 9.96, 12.4, 999, 1000, 60_000, 7_200_000, null].map(renderDuration);
  assert.deepEqual(shown, [
    '0.3 ms',
    '10.0 ms',
    '12 ms',
    '999 ms',
    '1.0 s',
    '1.0 min',
    '2.0 h',
    '',
  ]);
});
