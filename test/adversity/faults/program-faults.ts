/** Faults of programs and of everyday life: nothing is broken here but somebody's expectation. */
import {inspect} from 'node:util';
import {setTimeout as delay} from 'node:timers/promises';
import {openChaosProxy} from '../rig/chaos-proxy';
import type {Fault, Opened} from './fault';
import {describe, isOk, nameOf, tally, within} from './outcome';
import type {Settled} from './outcome';
import {PASSWORD} from './scripted';

async function openedBy(run: () => Opened): Promise<string> {
  try {
    const db = run();
    const settled = await within(3000, db.query('SELECT 1'));
    return isOk(settled) ? 'connected without TLS' : describe(settled);
  } catch (error) {
    return nameOf(error);
  }
}

export const PROGRAM_FAULTS: readonly Fault[] = [
  {
    name: 'nested-checkout',
    promise: 19,
    title: '2 transactions of a pool of 2 each ask the pool for another connection',
    boundSeconds: 20,
    async run(client, {url}) {
      const db = client.open({url, max: 2});
      const start = performance.now();
      const all = await Promise.all(
        [1, 2].map(() =>
          within(
            8000,
            db.tx(async (query) => {
              await query('SELECT pg_sleep(0.2)');
              await db.hold((other) => other('SELECT 1'));
            }),
          ),
        ),
      );
      return {
        kept: all.every((settled) => settled !== 'pending'),
        figure: `${tally(all)} after ${((performance.now() - start) / 1000).toFixed(1)} s`,
      };
    },
  },
  {
    name: 'end-with-200',
    promise: 17,
    title: 'The pool is ended with 200 queries asked',
    boundSeconds: 25,
    async run(client, {url}) {
      const db = client.open({url: `${url}?application_name=draining`, max: 4});
      await db.query('SELECT 1');
      const queries = Array.from({length: 200}, () =>
        within(6000, db.query('SELECT pg_sleep(0.005)')),
      );
      let settled = 0;
      for (const query of queries) void query.then(() => settled++);
      // Some are under way, and most wait.
      await delay(20);
      const ended = await within(6000, db.end());
      const atEnd = settled;
      const all = await Promise.all(queries);
      // What has said goodbye may take a moment to leave.
      await delay(500);
      const admin = client.open({url, max: 1});
      const [row] = await admin.query(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'draining'",
      );
      return {
        kept: all.every(isOk) && atEnd === 200 && isOk(ended) && row?.['count'] === 0,
        figure: `${tally(all)}; end() ${describe(ended)} after ${atEnd}, ${String(row?.['count'])} sessions left`,
      };
    },
  },
  {
    name: 'ddl',
    promise: 22,
    title: 'A column is added to the table of a prepared statement, then 20 queries',
    boundSeconds: 10,
    async run(client, {url}) {
      const db = client.open({url, max: 4});
      await db.query('CREATE TABLE item (id INT)');
      const ask = () => db.prepared('SELECT * FROM item WHERE id = $1', [1]);
      for (let round = 0; round < 4; round++) await Promise.all([ask(), ask(), ask(), ask()]);
      await db.query('ALTER TABLE item ADD COLUMN name TEXT');
      const all: Settled<unknown>[] = [];
      for (let count = 0; count < 20; count++) all.push(await within(2000, ask()));
      return {kept: all.every(isOk), figure: tally(all)};
    },
  },
  {
    name: 'sql-errors',
    promise: 2,
    title: '100 SQL errors, one after the other',
    boundSeconds: 15,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      const db = client.open({url: proxy.through(place.url), max: 4});
      await db.query('SELECT 1');
      const before = proxy.attempts;
      for (let count = 0; count < 100; count++) await within(2000, db.query('SELECT 1 / 0'));
      const reconnects = proxy.attempts - before;
      return {kept: reconnects === 0, figure: `${reconnects} reconnects`};
    },
  },
  {
    name: 'swallowed-error',
    promise: 7,
    title: 'The error of a statement is caught inside its transaction',
    boundSeconds: 10,
    async run(client, {url}) {
      const db = client.open({url, max: 1});
      await db.query('CREATE TABLE written (n INT)');
      const settled = await within(
        5000,
        db.tx(async (query) => {
          await query('INSERT INTO written VALUES (1)');
          await query('SELECT 1 / 0').catch(() => undefined);
        }),
      );
      const rows = await db.query('SELECT n FROM written');
      return {
        kept: !isOk(settled) && rows.length === 0,
        figure: `${isOk(settled) ? 'resolves' : `rejects (${describe(settled)})`}, ${rows.length} rows stored`,
      };
    },
  },
  {
    name: 'left-behind',
    promise: 10,
    title: 'A transaction, a role and a search_path are left behind on a connection',
    boundSeconds: 10,
    async run(client, {url}) {
      const db = client.open({url, max: 1});
      const left = await within(
        3000,
        db.hold(async (query) => {
          await query('BEGIN');
          await query('SET ROLE pg_read_all_data');
          await query("SET search_path = 'evil'");
          await query('SELECT pg_current_xact_id()::text');
        }),
      );
      const query =
        "SELECT current_user::text AS role, current_setting('search_path') AS path, pg_current_xact_id_if_assigned() IS NOT NULL AS tx";
      await within(2000, db.query('SELECT 1'));
      const settled = await within(3000, db.query(query));
      if (settled === 'pending' || !('value' in settled)) {
        return {kept: false, figure: `${describe(left)}, then ${describe(settled)}`};
      }
      const row = settled.value[0];
      const seen = [
        row?.['tx'] === true && 'transaction',
        row?.['role'] === 'pg_read_all_data' && 'role',
        row?.['path'] === 'evil' && 'search_path',
      ].filter((each) => each !== false);
      return {
        kept: seen.length === 0,
        figure: seen.length === 0 ? 'nothing left' : `${seen.join(', ')} left`,
      };
    },
  },
  {
    name: 'parameters-70000',
    promise: 16,
    title: '70,000 parameters',
    boundSeconds: 20,
    async run(client, {url}) {
      const db = client.open({url, max: 1});
      await db.query('SELECT 1');
      const values = Array.from({length: 70_000}, (_, index) => index);
      const text = `SELECT 1 WHERE 1 IN (${values.map((_, index) => `$${index + 1}::int`).join()})`;
      const settled = await within(10_000, (async () => db.query(text, values))());
      const next = await within(3000, db.query('SELECT 1'));
      // 08P01 is the server's: it was sent, with a count that had wrapped.
      const isLocal = !isOk(settled) && settled !== 'pending' && describe(settled) !== '08P01';
      return {
        kept: isLocal && isOk(next),
        figure: `${describe(settled)}${isLocal ? '' : ' (of the server)'}, next query ${describe(next)}`,
      };
    },
  },
  {
    name: 'proto-column',
    promise: 3,
    title: 'A column with the name `__proto__`',
    boundSeconds: 10,
    async run(client, {url}) {
      const [row] = await client
        .open({url, max: 1})
        .query(`SELECT '{"isAdmin": true}'::json AS "__proto__"`);
      const isOwn = row !== undefined && Object.hasOwn(row, '__proto__');
      const isReplaced = row !== undefined && 'isAdmin' in row;
      return {
        kept: isOwn && !isReplaced,
        figure: isOwn ? 'own property' : isReplaced ? 'prototype of the row replaced' : 'lost',
      };
    },
  },
  {
    name: 'password-in-log',
    promise: 25,
    title: 'The pool is logged (`util.inspect`, `JSON.stringify`)',
    boundSeconds: 10,
    async run(client, {url}) {
      const own = new URL(url);
      own.password = PASSWORD;
      const db = client.open({url: own.href, max: 1});
      await db.query('SELECT 1');
      const {inspectable} = db;
      const places = [
        inspect(inspectable, {depth: 10}).includes(PASSWORD) && 'inspect',
        jsonOf(inspectable).includes(PASSWORD) && 'JSON',
      ].filter((place) => place !== false);
      return {
        kept: places.length === 0,
        figure: places.length === 0 ? 'no password' : `password in ${places.join(' and ')}`,
      };
    },
  },
  {
    name: 'sslmode-typo',
    promise: 14,
    title: '`sslmode=verify-ful`, and an empty `sslmode`',
    boundSeconds: 15,
    async run(client, {url}) {
      const typo = await openedBy(() => client.open({url: `${url}?sslmode=verify-ful`, max: 1}));
      const empty = await openedBy(() => client.open({url: `${url}?sslmode=`, max: 1}));
      return {
        kept: !/connected/.test(typo + empty),
        figure: `typo: ${typo}; empty: ${empty}`,
      };
    },
  },
  {
    name: 'idle-exit',
    promise: 17,
    title: 'The program has nothing left to do and did not end the pool',
    boundSeconds: 15,
    async run(client, {url}) {
      await client.open({url, max: 1}).query('SELECT 1');
      await delay(10);
      return 'exit';
    },
  },
];

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
