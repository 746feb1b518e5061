/** The facade answers what pg answers: the same statements through both, compared field by field. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import compat from '@databases/pg-compat';
import {useServer} from '../support/server';
import {STATEMENTS} from './statements';
import type {Statement} from './statements';

// It has no types of its own; those of the facade are what it is held to.
const original: typeof compat = require('pg');
const postgres = useServer();

/** All that a program can see of an answer, except for places in the source of the server and OIDs of tables. */
function visible(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(visible);
  if (answer instanceof Error) {
    const fields = Object.entries(answer).filter(
      ([name]) => !['file', 'line', 'routine'].includes(name),
    );
    return {kind: answer.constructor.name, message: answer.message, fields};
  }
  if (!isResult(answer)) return answer;
  const {command, rowCount, oid, rows, fields, rowAsArray} = answer;
  return {
    command,
    rowCount,
    oid,
    rowAsArray,
    // Where the text is the same the value is: Buffers, dates, intervals and NaN included.
    rows: rows
      .filter(isObject)
      .map((row) => [
        Object.entries(row).map(describe),
        Object.getPrototypeOf(row) === Object.prototype,
      ]),
    fields: fields.map((field) => [Object.entries(field).filter(isStable), field.tableID > 0]),
  };
}

function isResult(answer: unknown): answer is InstanceType<typeof compat.Result> {
  return typeof answer === 'object' && answer !== null && 'rowAsArray' in answer;
}

function isStable([name]: [string, unknown]): boolean {
  return name !== 'tableID';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function describe([name, value]: [string, unknown]): string {
  const kind = typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
  return `${name}: ${kind} ${value === undefined ? '' : (JSON.stringify(value, numbers) ?? '')}`;
}

function numbers(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

async function answersOf(pg: typeof compat, statements: readonly Statement[]) {
  const client = new pg.Client({connectionString: postgres.url});
  const events: unknown[] = [];
  client.on('notification', ({name, channel, payload}) => events.push({name, channel, payload}));
  client.on('notice', ({name, message, severity, code}) =>
    events.push({name, message, severity, code}),
  );
  client.on('end', () => events.push('end'));
  await client.connect();
  const answers: unknown[] = [];
  for (const [query, values] of statements) {
    const answer: unknown = await client.query(query, values).catch((error: unknown) => error);
    // pg rejects at ErrorResponse, and ReadyForQuery, which tells the status, may come in a later chunk.
    if (answer instanceof Error) await client.query('');
    answers.push([visible(answer), client.getTransactionStatus()]);
  }
  await client.end();
  return {answers, events};
}

test('every statement is answered as pg answers it', async () => {
  const [ours, theirs] = [
    await answersOf(compat, STATEMENTS),
    await answersOf(original, STATEMENTS),
  ];
  for (const [index, statement] of STATEMENTS.entries()) {
    assert.deepEqual(ours.answers[index], theirs.answers[index], inspect(statement));
  }
  assert.deepEqual(ours.events, theirs.events);
});

test('values are prepared as pg prepares them', () => {
  const {prepareValue} = require('pg/lib/utils.js');
  const values = [1, 'a', null, undefined, true, 5n, [], [[1], [2]], ['"', '\\', null], {a: [1]}];
  const ours: (value: unknown) => unknown =
    require('@databases/pg-compat/lib/utils.js').prepareValue;
  assert.deepEqual(values.map(ours), values.map(prepareValue));
});

test('names and texts are quoted as pg quotes them', () => {
  for (const text of ['a', 'a"b', "it's", 'back\\slash', '', '"\'\\']) {
    assert.equal(compat.escapeIdentifier(text), original.escapeIdentifier(text));
    assert.equal(compat.escapeLiteral(text), original.escapeLiteral(text));
  }
});

test('builtins are those of pg', () => {
  assert.deepEqual(compat.types.builtins, original.types.builtins);
});

for (const [name, pg] of [
  ['the facade', compat],
  ['pg', original],
] as const) {
  test(`callbacks: queries of one client are answered in order (${name})`, async () => {
    const client = new pg.Client({connectionString: postgres.url});
    const seen: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      client.connect((error) => {
        if (error) return reject(error);
        client.query('select 1 a', (_, result) => seen.push(result.rows));
        client.query('select $1::int a', [2], (_, result) => seen.push(result.rows));
        client.query('select nope', (failure) => seen.push(failure?.message));
        client.query(new pg.Query('select 3 a')).on('row', (row) => seen.push(row));
        client.on('drain', () => {
          client.end(() => {
            seen.push('ended');
            resolve();
          });
        });
      });
    });
    assert.deepEqual(seen, [[{a: 1}], [{a: 2}], 'column "nope" does not exist', {a: 3}, 'ended']);
  });

  test(`an unknown database and a closed port are errors with the code (${name})`, async () => {
    const closed = new pg.Client({host: '127.0.0.1', port: 1, user: 'u', database: 'd'});
    await assert.rejects(closed.connect(), {code: 'ECONNREFUSED'});
    const url = new URL(postgres.url);
    url.pathname = '/nowhere';
    await assert.rejects(new pg.Client(url.href).connect(), {code: '3D000', severity: 'FATAL'});
  });

  test(`what was closed takes no more queries (${name})`, async () => {
    const client = new pg.Client({connectionString: postgres.url});
    await client.connect();
    await assert.rejects(client.connect(), /Client has already been connected/);
    const hangs = client.query('select pg_sleep(60)');
    const fails = assert.rejects(hangs, /Connection terminated/);
    await client.end();
    await fails;
    await assert.rejects(client.query('select 1'), /Client was closed and is not queryable/);
  });
}
