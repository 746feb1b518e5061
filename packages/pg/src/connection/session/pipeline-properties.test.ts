import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {BackendTag, ByteWriter} from '../../protocol';
import {writeCommandComplete, writeCopyResponse, writeEmptyBody} from '../../protocol/testing';
import type {BackendScript} from '../../protocol/testing';
import {PortalCursor} from '../exchanges/portal-cursor';
import {SimpleQuery} from '../exchanges/simple-query';
import {Step} from '../exchanges/step';
import type {RowBatch} from '../rows/row-batch';
import {Statement} from '../statements/statement';
import {SessionWithBackend, TestQuery, queryOf, registry, rowsIn} from './session.test.support';

/** What a caller asks for. `text` picks one of few statements, so that named ones are used again. */
type Call =
  | {readonly kind: 'ok' | 'fail' | 'copyOut' | 'describe'; readonly text: number}
  | {readonly kind: 'several'; readonly text: number; readonly failsAt: number}
  | {readonly kind: 'unwritable' | 'simple'; readonly text: number};

const copyOut = (() => {
  const writer = new ByteWriter();
  writeCopyResponse(writer, BackendTag.CopyOutResponse, {format: 0, columnFormats: []});
  writeEmptyBody(writer, BackendTag.CopyData);
  writeEmptyBody(writer, BackendTag.CopyDone);
  writeCommandComplete(writer, 'COPY 1');
  return writer.take();
})();

/** Answers with the text and the parameter, so that an answer tells whose it is. */
const script: BackendScript = {
  query(text, [parameter]) {
    if (text.startsWith('COPY')) return {raw: copyOut};
    if (text.startsWith('fail')) return {error: {code: 'P0001', message: String(parameter)}};
    return {columns: ['text', 'value'], rows: [[text, parameter?.toString() ?? null]]};
  },
  describe: (text) => (text.startsWith('COPY') ? undefined : ['text', 'value']),
};

const text = fc.nat(3);
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({kind: fc.constantFrom('ok', 'fail', 'copyOut', 'describe'), text}),
  fc.record({kind: fc.constant('several'), text, failsAt: fc.nat(5)}),
  fc.record({kind: fc.constantFrom('unwritable', 'simple'), text}),
);

/** Sends a call that is told apart by `id`, and gives the check of its answer. */
function send(
  under: SessionWithBackend,
  statements: Map<string, Statement>,
  each: Call,
  id: string,
) {
  const statement = (name: string): Statement => {
    const found = statements.get(name) ?? new Statement(name);
    statements.set(name, found);
    return found;
  };
  const name = (kind: string) => `${kind} ${each.text} $1`;
  if (each.kind === 'simple') {
    const ends: unknown[] = [];
    under.session.send(new SimpleQuery(`simple ${id}`, (error, tags) => ends.push(error, tags)));
    return () => assert.deepEqual(ends, [undefined, ['SELECT 1']]);
  }
  if (each.kind === 'describe') {
    const query = new TestQuery([new Step(statement(name('ok')), [], false)], registry);
    under.session.send(query);
    return () => assert.equal(query.steps[0]?.prepared?.shape?.columns.length, 2);
  }
  const parameter = each.kind === 'unwritable' ? '\ud800' : id;
  const texts =
    each.kind === 'several'
      ? [0, 1, 2].map((at) => name(at === each.failsAt ? 'fail' : `ok ${at}`))
      : [each.kind === 'copyOut' ? 'COPY $1' : name(each.kind === 'fail' ? 'fail' : 'ok')];
  const query = queryOf(texts.map(statement), [parameter]);
  under.session.send(query);
  return () => {
    assert.equal(query.timesSettled, 1, `${each.kind} is settled once`);
    const failsAt = texts.findIndex((one) => one.startsWith('fail'));
    if (each.kind === 'unwritable') return assert.equal(query.settled, 'lost');
    assert.equal(query.error?.message, failsAt === -1 ? undefined : id);
    if (each.kind === 'copyOut') return assert.match(String(query.steps[0]?.unreadable), /COPY/);
    const rows = texts.map((one, at) =>
      failsAt === -1 || at < failsAt ? [{text: one, value: id}] : [],
    );
    assert.deepEqual(query.rows, rows);
  };
}

/** Cuts bytes after as many as the numbers say, over and over. */
function cutter(sizes: readonly number[]) {
  let at = 0;
  return (bytes: Buffer): Buffer[] => {
    const pieces: Buffer[] = [];
    for (let start = 0; start < bytes.length;) {
      const size = sizes[at++ % sizes.length] ?? 1;
      pieces.push(bytes.subarray(start, start + size));
      start += size;
    }
    return pieces;
  };
}

test('whatever is sent behind whatever, and however the answers are cut, each caller gets its own', () => {
  const bursts = fc.array(fc.array(call, {maxLength: 8}), {maxLength: 6});
  const sizes = fc.array(fc.integer({min: 1, max: 60}), {minLength: 1, maxLength: 10});
  fc.assert(
    fc.property(bursts, sizes, fc.integer({min: 0, max: 3}), (groups, cuts, limit) => {
      const under = new SessionWithBackend(script, limit);
      const statements = new Map<string, Statement>();
      const cut = cutter(cuts);
      groups.forEach((group, burst) => {
        const checks = group.map((each, index) => {
          const check = send(under, statements, each, `${burst}-${index}`);
          // Behind several steps nothing is sent before they have ended: the client sees to that.
          if (each.kind === 'several') under.exchangeBytes(cut);
          return check;
        });
        under.exchangeBytes(cut);
        for (const check of checks) check();
        assert.equal(under.session.inFlight, 0);
      });
    }),
    {numRuns: 200},
  );
});

test('a cursor gives all rows once, in order, however they are batched and cut', () => {
  fc.assert(
    fc.property(
      fc.nat(30),
      fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 5}),
      fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 5}),
      fc.option(fc.nat(8), {nil: undefined}),
      (count, batches, cuts, closeAt) => {
        const expected = Array.from({length: count}, (_, index) => String(index));
        const under = new SessionWithBackend({
          query: () => ({columns: ['n'], rows: expected.map((n) => [n])}),
          describe: () => ['n'],
        });
        const step = new Step(new Statement('numbers'), [], false);
        under.session.send(new TestQuery([step], registry));
        const cut = cutter(cuts);
        under.exchangeBytes(cut);
        assert.ok(step.prepared);
        const unread: (RowBatch | undefined)[] = [];
        let [batchCount, ends] = [0, 0];
        const cursor = new PortalCursor(step.prepared, [], batches[0] ?? 1, {
          batch(rows, last) {
            unread.push(rows);
            batchCount++;
            if (batchCount === closeAt) cursor.close();
            else if (!last) cursor.fetch(batches[batchCount % batches.length] ?? 1);
          },
          ended: (error) => {
            assert.equal(error, undefined);
            ends++;
          },
        });
        under.session.send(cursor);
        under.exchangeBytes(cut);
        assert.equal(ends, 1);
        // When all bytes that came were overwritten.
        const seen = unread.flatMap(rowsIn).map((row) => row['n']);
        assert.deepEqual(seen, expected.slice(0, seen.length));
        if (closeAt === undefined || batchCount < closeAt) assert.equal(seen.length, count);
        assert.equal(under.session.inFlight, 0);
      },
    ),
    {numRuns: 100},
  );
});
