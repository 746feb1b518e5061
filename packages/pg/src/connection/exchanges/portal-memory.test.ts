/** The memory of rows that nobody takes any more goes back to the others at once, not when it is collected. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {ByteWriter} from '../../protocol';
import {writeErrorResponse, writeReadyForQuery} from '../../protocol/testing';
import {lentBlocks} from '../memory/lent-blocks.test.support';
import type {RowBatch} from '../rows/row-batch';
import {
  SessionWithBackend,
  TestQuery,
  registry,
  rowsIn,
  usedStatement,
} from '../session/session.test.support';
import {NamedPortal} from './named-portal';
import {PortalCursor} from './portal-cursor';
import type {Cursor, CursorEvents} from './portal-cursor';
import {Step} from './step';

const BATCH_ROWS = 8;

/** A portal that was asked for its first batch; whoever is given rows gives their memory back. */
function open(kind: 'alone' | 'shared') {
  const under = new SessionWithBackend({
    query: (text) =>
      text === 'BEGIN'
        ? {}
        : {columns: ['n'], rows: Array.from({length: 20}, (_, n) => [`row ${n}`])},
    describe: (text) => (text === 'BEGIN' ? undefined : ['n']),
  });
  const described = new Step(usedStatement('rows'), [], false);
  under.session.send(new TestQuery([new Step(usedStatement('BEGIN'), [])], registry));
  under.session.send(new TestQuery([described], registry));
  under.exchangeBytes();
  assert.ok(described.prepared);
  let rows = 0;
  const events: CursorEvents = {
    batch(batch: RowBatch | undefined, last) {
      rows += rowsIn(batch).length;
      batch?.release();
      if (!last) cursor.fetch(BATCH_ROWS);
    },
    ended: () => undefined,
  };
  const shared = {
    send: (portal: NamedPortal) => void under.session.send(portal),
    assertWritable: () => undefined,
    usable: true,
    cancellable: false,
  };
  const cursor: Cursor =
    kind === 'alone'
      ? new PortalCursor(described.prepared, [], BATCH_ROWS, events)
      : new NamedPortal(described.prepared, [], events, shared);
  if (kind === 'alone') under.session.send(cursor);
  else cursor.fetch(BATCH_ROWS);
  return {under, cursor, rowsSeen: () => rows};
}

const failure = () => {
  const writer = new ByteWriter();
  writeErrorResponse(writer, {severityNonLocalized: 'ERROR', code: '22012', message: 'by zero'});
  writeReadyForQuery(writer, 'I');
  return Buffer.from(writer.take());
};

const ends = ['all', 'lost', 'closed', 'failed'] as const;

for (const kind of ['alone', 'shared'] as const) {
  test(`wherever a portal ends that its reader has ${kind}, all memory has been given back`, (t) => {
    const lent = lentBlocks(t);
    let heldInBetween = 0;
    const property = fc.property(
      fc.constantFrom(...ends),
      fc.nat(300),
      fc.nat(3),
      (end, at, batchesBefore) => {
        const {under, cursor, rowsSeen} = open(kind);
        for (let batch = 0; batch < batchesBefore && under.writer.pendingBytes > 0; batch++) {
          under.receive(under.backend.receive(under.writer.take()));
        }
        const answer = under.backend.receive(under.writer.take());
        const cut = end === 'all' ? answer.length : Math.min(at, answer.length);
        under.receive(answer.subarray(0, cut));
        heldInBetween = Math.max(heldInBetween, lent());
        if (end === 'closed') {
          cursor.close();
          assert.equal(lent(), 0, 'closing is enough');
          under.receive(answer.subarray(cut));
        }
        // Where a message was cut, what comes next is no message.
        if (end === 'failed' && isBetweenMessages(answer, cut)) under.receive(failure());
        else if (end !== 'lost') under.exchangeBytes();
        under.session.abandon(() => new Error('lost'));
        assert.equal(lent(), 0);
        if (end === 'all') assert.equal(rowsSeen(), 20);
      },
    );
    fc.assert(property, {numRuns: 200});
    assert.ok(heldInBetween > 0, 'some ended in the middle of a batch');
  });
}

function isBetweenMessages(bytes: Buffer, at: number): boolean {
  let end = 0;
  while (end < at) end += 1 + bytes.readInt32BE(end + 1);
  return end === at && at < bytes.length;
}
