import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError, ValueError} from '../../errors';
import {BackendTag} from '../../protocol';
import {
  writeDataRow,
  writeEmptyBody,
  writeErrorResponse,
  writeReadyForQuery,
} from '../../protocol/testing';
import type {BackendScript} from '../../protocol/testing';
import type {RowBatch} from '../rows/row-batch';
import {
  SessionWithBackend,
  TestQuery,
  queryOf,
  registry,
  rowsIn,
  usedStatement,
} from '../session/session.test.support';
import {Statement} from '../statements/statement';
import {PortalCursor} from './portal-cursor';
import type {CursorEvents} from './portal-cursor';
import {Step} from './step';

const numbers = (count: number): BackendScript => ({
  query: (text) =>
    text === 'fail'
      ? {error: {code: '22012', message: 'division by zero'}}
      : {columns: ['n'], rows: Array.from({length: count}, (_, n) => [String(n)])},
  describe: () => ['n'],
});

class Reader implements CursorEvents {
  readonly heard: string[] = [];
  error: Error | undefined;
  lastBatch: RowBatch | undefined;
  /** What the reader does as soon as it has a batch. */
  onBatch: () => void = () => undefined;

  batch(rows: RowBatch | undefined, last: boolean): void {
    this.lastBatch = rows;
    this.heard.push(
      `${rowsIn(rows)
        .map((row) => String(row['n']))
        .join(',')}${last ? ' last' : ''}`,
    );
    this.onBatch();
  }
  ended(error: Error | undefined): void {
    this.error = error;
    this.heard.push('ended');
  }
}

function open(script: BackendScript, batchRows: number, statement = new Statement('numbers')) {
  const under = new SessionWithBackend(script);
  const step = new Step(statement, [], false);
  under.session.send(new TestQuery([step], registry));
  under.exchangeBytes();
  const {prepared} = step;
  assert.ok(prepared);
  const reader = new Reader();
  const cursor = new PortalCursor(prepared, [], batchRows, reader);
  under.session.send(cursor);
  under.takeReceived();
  return {under, reader, cursor, prepared};
}

test('a name that was given up since the description is not bound: the text is parsed once more', () => {
  const {under, reader, cursor, prepared} = open(numbers(3), 10, usedStatement('numbers'));
  assert.notEqual(prepared.name, '');
  under.exchangeBytes();
  assert.deepEqual(under.takeReceived(), [`Bind ${prepared.name}`, 'Execute 10', 'Flush', 'Sync']);
  under.session.statements.discard(prepared);
  const later = new PortalCursor(prepared, [], 10, reader);
  under.session.send(later);
  under.exchangeBytes();
  assert.deepEqual(under.takeReceived().slice(0, 3), [
    'Parse unnamed',
    'Bind unnamed',
    'Describe unnamed',
  ]);
  assert.deepEqual(reader.heard, ['0,1,2 last', 'ended', '0,1,2 last', 'ended']);
  assert.deepEqual([cursor.outdated, later.outdated], [false, false]);
});

test('rows come batch by batch, each when it is asked for', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1']);
  cursor.fetch(2);
  cursor.fetch(2);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1', '2,3']);
  cursor.fetch(100);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1', '2,3', '4 last', 'ended']);
  assert.deepEqual(under.takeReceived(), [
    'Parse unnamed',
    'Bind unnamed',
    'Describe unnamed',
    'Execute 2',
    'Flush',
    'Execute 2',
    'Flush',
    'Execute 100',
    'Flush',
    'Sync',
  ]);
  assert.equal(under.session.inFlight, 0);
});

test('a statement that has a name is not sent again', () => {
  const {under, prepared} = open(numbers(1), 2, usedStatement('numbers'));
  under.exchangeBytes();
  assert.equal(under.takeReceived()[0], `Bind ${prepared.name}`);
});

test('the next batch may be asked for from inside the one that came', () => {
  const {under, reader, cursor} = open(numbers(6), 2);
  reader.onBatch = () => cursor.fetch(2);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1', '2,3', '4,5', ' last', 'ended']);
});

test('a result without rows is one empty last batch', () => {
  const {under, reader} = open(numbers(0), 2);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, [' last', 'ended']);
});

test('closing between batches ends it at once', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  under.exchangeBytes();
  assert.equal(cursor.close(), 'closed');
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1', 'ended']);
  assert.equal(reader.error, undefined);
  assert.equal(under.session.inFlight, 0);
});

test('closing while a batch is on its way ends it when that is in', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  assert.equal(cursor.close(), 'working');
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['ended']);
  assert.equal(under.takeReceived().at(-1), 'Sync');
});

test('an error behind the Sync of a closed cursor is not answered with another Sync', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  under.exchangeBytes();
  cursor.close();
  under.writer.take();
  under.answer((w) => writeErrorResponse(w, {severityNonLocalized: 'ERROR', message: 'late'}));
  assert.equal(under.writer.pendingBytes, 0);
  under.answer((w) => writeReadyForQuery(w, 'I'));
  assert.deepEqual(reader.heard, ['0,1', 'ended']);
});

test('closing from inside a batch sends one Sync', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  reader.onBatch = () => cursor.close();
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['0,1', 'ended']);
  assert.equal(under.takeReceived().filter((message) => message === 'Sync').length, 1);
});

test('an error ends it with that error, and the session goes on', () => {
  const {under, reader} = open(numbers(1), 2, new Statement('fail'));
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['ended']);
  assert.match(reader.error?.message ?? '', /division by zero/);
  const query = queryOf(new Statement('select'));
  under.session.send(query);
  under.exchangeBytes();
  assert.deepEqual(query.rows, [[{n: '0'}]]);
});

test('an error in a later batch comes behind the rows before it', () => {
  const {under, reader, cursor} = open(numbers(5), 2);
  under.exchangeBytes();
  cursor.fetch(2);
  under.writer.take();
  under.answer((w) => writeErrorResponse(w, {severityNonLocalized: 'ERROR', message: 'later'}));
  under.answer((w) => writeReadyForQuery(w, 'I'));
  assert.deepEqual(reader.heard, ['0,1', 'ended']);
  assert.equal(reader.error?.message, 'later');
});

test('a row that cannot be read is an error at its place, which names the column', () => {
  const script: BackendScript = {
    ...numbers(0),
    query: () => ({columns: ['n'], rows: [['t'], ['maybe'], ['t']]}),
    describe: () => [{name: 'n', typeOid: 16}],
  };
  const {under, reader, cursor, prepared} = open(script, 2);
  assert.deepEqual(prepared.shape?.columns[0]?.typeOid, 16);
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['true']);
  const error = reader.lastBatch?.error;
  assert.ok(error instanceof ValueError);
  assert.match(error.message, /column "n"/);
  // Nothing has failed for the server: it is for the reader to end it.
  assert.equal(cursor.close(), 'closed');
  under.exchangeBytes();
  assert.deepEqual(reader.heard, ['true', 'ended']);
  assert.equal(reader.error, undefined);
  assert.equal(under.session.inFlight, 0);
});

test('a statement that the server has lost is parsed again by the next one who needs it', () => {
  const statement = usedStatement('numbers');
  const {under, reader} = open(numbers(1), 2, statement);
  under.writer.take();
  under.answer((w) =>
    writeErrorResponse(w, {severityNonLocalized: 'ERROR', code: '26000', message: 'gone'}),
  );
  under.answer((w) => writeReadyForQuery(w, 'I'));
  assert.deepEqual(reader.heard, ['ended']);
  assert.equal(under.statements.find(statement), undefined);
});

test('rows while nothing was asked for end the session', () => {
  const {under} = open(numbers(5), 2);
  under.exchangeBytes();
  assert.throws(() => under.answer((w) => writeDataRow(w, ['1'])), ProtocolError);
});

test('a cursor that is lost says so once', () => {
  const {under, reader} = open(numbers(5), 2);
  under.answer((w) => writeEmptyBody(w, BackendTag.ParseComplete));
  under.session.abandon(() => new Error('gone'));
  assert.deepEqual(reader.heard, ['ended']);
  assert.equal(reader.error?.message, 'gone');
});
