import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {BackendScript} from '../../protocol/testing';
import type {RowBatch} from '../rows/row-batch';
import {
  SessionWithBackend,
  TestQuery,
  registry,
  rowsIn,
  usedStatement,
} from '../session/session.test.support';
import {NamedPortal} from './named-portal';
import {Step} from './step';

const numbers: BackendScript = {
  query(text) {
    if (text === 'BEGIN') return {};
    if (text === 'other') return {columns: ['n'], rows: [['other']]};
    return {columns: ['n'], rows: ['0', '1', '2', '3', '4'].map((n) => [n])};
  },
  describe: (text) => (text === 'BEGIN' ? undefined : ['n']),
};

function open(owner: {usable?: boolean; cancellable?: boolean; refusal?: Error} = {}) {
  const under = new SessionWithBackend(numbers);
  const describe = new Step(usedStatement('numbers'), [], false);
  under.session.send(new TestQuery([new Step(usedStatement('BEGIN'), [])], registry));
  under.session.send(new TestQuery([describe], registry));
  under.exchangeBytes();
  under.takeReceived();
  const {prepared} = describe;
  assert.ok(prepared);
  const heard: string[] = [];
  const events = {
    batch: (rows: RowBatch | undefined, last: boolean) =>
      void heard.push(
        `${rowsIn(rows)
          .map((row) => String(row['n']))
          .join(',')}${last ? ' last' : ''}`,
      ),
    ended: (error: Error | undefined) => void heard.push(error?.message ?? 'ended'),
  };
  const portal: NamedPortal = new NamedPortal(prepared, [], events, {
    send: (exchange) => void under.session.send(exchange),
    assertWritable() {
      if (owner.refusal !== undefined) throw owner.refusal;
    },
    usable: owner.usable ?? true,
    cancellable: owner.cancellable ?? false,
  });
  return {under, portal, heard};
}

const kinds = (received: readonly string[]) => received.map((each) => each.split(' ')[0]);

test('each batch is an exchange of its own, and others go in between', () => {
  const {under, portal, heard} = open();
  portal.fetch(2);
  under.exchangeBytes();
  assert.equal(under.session.inFlight, 0);
  const query = new TestQuery([new Step(usedStatement('other'), [])], registry);
  under.session.send(query);
  portal.fetch(2);
  under.exchangeBytes();
  assert.deepEqual(query.steps[0]?.rows, [{n: 'other'}]);
  portal.fetch(2);
  under.exchangeBytes();
  assert.deepEqual(heard, ['0,1', '2,3', '4 last', 'ended']);
  const sent = kinds(under.takeReceived());
  assert.equal(sent.filter((kind) => kind === 'Bind').length, 2);
  assert.deepEqual(sent.slice(-4), ['Execute', 'Sync', 'Close', 'Sync']);
  assert.equal(under.session.inFlight, 0);
});

test('a batch is asked for once', () => {
  const {under, portal, heard} = open();
  portal.fetch(2);
  portal.fetch(2);
  assert.equal(under.session.inFlight, 1);
  under.exchangeBytes();
  assert.deepEqual(heard, ['0,1']);
});

test('closing it between two batches closes the portal, and once only', () => {
  const {under, portal, heard} = open();
  portal.fetch(2);
  under.exchangeBytes();
  under.takeReceived();
  assert.equal(portal.close(), 'closed');
  assert.equal(portal.close(), 'closed');
  portal.fetch(2);
  under.exchangeBytes();
  assert.deepEqual(kinds(under.takeReceived()), ['Close', 'Sync']);
  assert.deepEqual(heard, ['0,1', 'ended']);
});

test('closing it with a batch on its way gives none of its rows', () => {
  const {under, portal, heard} = open();
  portal.fetch(2);
  assert.equal(portal.close(), 'working');
  under.exchangeBytes();
  assert.deepEqual(heard, ['ended']);
});

test('a transaction that is over has taken its portal along', () => {
  const {under, portal, heard} = open({usable: false});
  portal.fetch(2);
  under.exchangeBytes();
  under.takeReceived();
  portal.close();
  under.exchangeBytes();
  assert.deepEqual(under.takeReceived(), []);
  assert.deepEqual(heard, ['0,1', 'ended']);
});

test('a batch that must not be written any more ends it', () => {
  const {under, portal, heard} = open({refusal: new Error('the transaction is broken')});
  portal.fetch(2);
  assert.equal(under.session.inFlight, 0);
  assert.deepEqual(heard, ['the transaction is broken']);
});

test('it holds the session only for a batch that may be cancelled', () => {
  assert.equal(open().portal.holdsSession, false);
  const {under, portal} = open({cancellable: true});
  portal.fetch(2);
  assert.equal(portal.holdsSession, true);
  under.exchangeBytes();
  portal.close();
  assert.equal(portal.holdsSession, false);
});
