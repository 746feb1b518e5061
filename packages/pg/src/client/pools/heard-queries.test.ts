import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import type {ConnectionPoolConfig} from '../../config';
import {DatabaseError} from '../../errors';
import type {BackendScript} from '../../protocol/testing';
import {queryChannel} from '../../tracing';
import {CATALOGUE_QUERY} from '../../types';
import type {QueryHearer, ResultRow} from '../api/queryable';
import {scriptedPool} from '../scripted-pool.test.support';

const UNKNOWN = 99_999;

const script: BackendScript = {
  query(text) {
    if (/^(?:BEGIN|COMMIT)/.test(text)) return {};
    if (text === CATALOGUE_QUERY) return {columns: ['oid'], rows: []};
    if (text.includes('fail')) return {error: {code: '22012', message: 'division by zero'}};
    return {columns: ['text'], rows: [[text]]};
  },
  describe(text) {
    if (/^(?:BEGIN|COMMIT)/.test(text)) return undefined;
    if (text === CATALOGUE_QUERY) return ['oid'];
    return [{name: 'text', typeOid: text.includes('unknown') ? UNKNOWN : 25}];
  },
};

const nothing = () => {};

/** Remembers what it was told, in order. */
class Hearer implements QueryHearer {
  readonly heard: unknown[] = [];

  succeeded(): void {
    this.heard.push('succeeded');
  }

  failed(error: unknown): Promise<ResultRow[]> {
    this.heard.push(error);
    throw error;
  }
}

async function heardOf(
  rows: Promise<ResultRow[]> | undefined,
  {heard}: Hearer,
): Promise<ResultRow[]> {
  assert.ok(rows, 'it was not taken');
  try {
    return await rows;
  } finally {
    heard.push('caller');
  }
}

test('the hearer is told that a query succeeded before its caller is', async (t) => {
  const {db} = await scriptedPool(t, script);
  const hearer = new Hearer();
  const rows = await heardOf(db.queryHeard(sql`select 1`, hearer), hearer);
  assert.deepEqual(rows, [{text: 'select 1'}]);
  assert.deepEqual(hearer.heard, ['succeeded', 'caller']);
});

test('a type that has to be looked up first does not keep the hearer from being told', async (t) => {
  const {db} = await scriptedPool(t, script);
  const hearer = new Hearer();
  await heardOf(db.queryHeard(sql`select unknown`, hearer), hearer);
  assert.deepEqual(hearer.heard, ['succeeded', 'caller']);
});

test('where that fails, the query has failed', async (t) => {
  const {db} = await scriptedPool(t, {
    ...script,
    query: (text) =>
      text === CATALOGUE_QUERY
        ? {error: {code: '42501', message: 'permission denied'}}
        : script.query(text, []),
  });
  const hearer = new Hearer();
  await assert.rejects(heardOf(db.queryHeard(sql`select unknown`, hearer), hearer), {
    code: '42501',
  });
  const [error, ...others] = hearer.heard;
  assert.ok(error instanceof DatabaseError);
  assert.deepEqual(others, ['caller']);
});

test('the hearer is told why a query failed before its caller is, whose stack the error has', async (t) => {
  const {db} = await scriptedPool(t, script);
  const hearer = new Hearer();
  let thrown: unknown;
  await (async function whoAsks() {
    await heardOf(db.queryHeard(sql`select fail`, hearer), hearer);
  })().catch((error: unknown) => {
    thrown = error;
  });
  assert.ok(thrown instanceof DatabaseError);
  assert.deepEqual(hearer.heard, [thrown, 'caller']);
  assert.match(String(thrown.stack), /whoAsks/);
});

test('the hearer may give rows in place of an error', async (t) => {
  const {db} = await scriptedPool(t, script);
  const rows = db.queryHeard(sql`select fail`, {
    succeeded: () => assert.fail('it failed'),
    failed: () => db.query(sql`select instead`),
  });
  assert.deepEqual(await rows, [{text: 'select instead'}]);
});

test('what the hearer throws when a query succeeded is what the query rejects with', async (t) => {
  const {db} = await scriptedPool(t, script);
  const rows = db.queryHeard(sql`select 1`, {
    succeeded() {
      throw new Error('of the hearer');
    },
    failed: () => assert.fail('it succeeded'),
  });
  assert.ok(rows);
  await assert.rejects(rows, /of the hearer/);
  assert.deepEqual(await db.query(sql`select behind`), [{text: 'select behind'}]);
});

test('a query whose connection breaks is told of as failed, once', async (t) => {
  const {db} = await scriptedPool(t, script);
  const hearer = new Hearer();
  const rows = heardOf(db.queryHeard(sql`select 1`, hearer), hearer);
  db.disconnect('for the test');
  await assert.rejects(rows, {code: 'PG_CONNECTION_LOST'});
  assert.equal(hearer.heard.length, 2);
});

const notTaken: [string, SQLQuery, ConnectionPoolConfig<SQLQuery>][] = [
  ['several statements', sql`select 1; select 2`, {}],
  ['a value that cannot be sent', sql`select ${'a\0b'}`, {}],
  ['a value whose type is not known yet', sql`select ${[1]}`, {}],
  ['a limit of time', sql`select 1`, {queryTimeoutMilliseconds: 1000}],
  ['handlers', sql`select 1`, {onQueryStart() {}}],
  ['comments', sql`select 1`, {sqlCommenter: () => ({of: 'the caller'})}],
];

for (const [what, query, options] of notTaken) {
  test(`nothing is sent and nothing told with ${what}, which query() is for`, async (t) => {
    const {db, messages} = await scriptedPool(t, script, options);
    const hearer = new Hearer();
    assert.equal(db.queryHeard(query, hearer), undefined);
    assert.deepEqual(hearer.heard, []);
    assert.deepEqual(messages(), []);
  });
}

test('nor while somebody listens to channels or releases, in a task, or after the end', async (t) => {
  const {db} = await scriptedPool(t, script);
  const hearer = new Hearer();
  const taken = () => db.queryHeard(sql`select 1`, hearer) !== undefined;
  const listener = {
    start: nothing,
    end: nothing,
    asyncStart: nothing,
    asyncEnd: nothing,
    error: nothing,
  };
  queryChannel.subscribe(listener);
  assert.equal(taken(), false);
  queryChannel.unsubscribe(listener);
  const stop = db.on('release', nothing);
  assert.equal(taken(), false);
  stop();
  await db.task(async () => assert.equal(taken(), false));
  await db.dispose();
  assert.equal(taken(), false);
  assert.deepEqual(hearer.heard, []);
});
