import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError, UsageError} from '../../errors';
import {BackendTag} from '../../protocol';
import {writeCommandComplete, writeCopyResponse} from '../../protocol/testing';
import {SessionUnderTest, describeMessage, queryOf} from '../session/session.test.support';
import {Statement} from '../statements/statement';
import {
  bodyless,
  parseComplete,
  bindComplete,
  noParameters,
  noData,
  copyIn,
  ready,
  fails,
  described,
  oneRow,
} from './answers.test.support';

/** Its comment keeps it from being known before the server says so. */
const HIDDEN = '/* hidden */ COPY t FROM STDIN';

test('COPY FROM STDIN is refused before anything is sent, and what is around it is not sent either', () => {
  const under = new SessionUnderTest();
  for (const text of ['COPY t FROM STDIN', '\n copy "t" (a, b)\nfrom  stdin with (format csv)']) {
    const query = queryOf([new Statement('BEGIN'), new Statement(text), new Statement('COMMIT')]);
    assert.equal(under.session.send(query), false);
    assert.ok(query.lostFor instanceof UsageError);
    assert.equal(query.lostFor.sent, 'no');
  }
  assert.equal(under.writer.pendingBytes, 0);
  for (const text of ["COPY t FROM '/from stdin'", 'COPY t TO STDOUT', 'SELECT 1 -- from stdin']) {
    assert.equal(under.session.send(queryOf(new Statement(text))), true);
  }
});

test('COPY FROM STDIN is refused, and the session goes on', () => {
  const under = new SessionUnderTest();
  const query = queryOf(new Statement(HIDDEN));
  under.session.send(query);
  under.takeWritten();
  under.answer(parseComplete, noParameters, noData, bindComplete, copyIn);
  assert.deepEqual(under.takeWritten().map(describeMessage), ['CopyFail', 'Sync']);
  assert.equal(under.flushesAsked, 1);
  under.answer(fails('57014'), ready);
  assert.equal(query.settled, 'ended');
  assert.ok(query.steps[0]?.unreadable instanceof UsageError);
  assert.equal(query.steps[0].statement.alone, true);
  assert.equal(under.session.inFlight, 0);
});

test('COPY FROM STDIN with a step behind it is ended by that step, so nothing is written', () => {
  const under = new SessionUnderTest();
  const query = queryOf([new Statement(HIDDEN), new Statement('select 1')]);
  const behind = queryOf(new Statement('select 2'));
  under.session.send(query);
  under.session.send(behind);
  under.takeWritten();
  under.answer(parseComplete, noParameters, noData, bindComplete, copyIn);
  assert.deepEqual(under.takeWritten(), []);
  under.answer(fails('08P01'), ready, ...described, ...oneRow);
  assert.equal(query.settled, 'ended');
  assert.deepEqual(behind.rows, [[{a: '1'}]]);
});

test('COPY FROM STDIN with queries behind it ends the session: one would be given the answer of another', () => {
  const under = new SessionUnderTest();
  under.session.send(queryOf(new Statement(HIDDEN)));
  under.session.send(queryOf(new Statement('select 1')));
  assert.throws(
    () => under.answer(parseComplete, noParameters, noData, bindComplete, copyIn),
    ProtocolError,
  );
});

test('COPY TO STDOUT is read past and refused', () => {
  const under = new SessionUnderTest();
  const query = queryOf(new Statement('COPY t TO STDOUT'));
  const behind = queryOf(new Statement('select 1'));
  under.session.send(query);
  under.session.send(behind);
  under.answer(
    parseComplete,
    noParameters,
    noData,
    bindComplete,
    (w) => writeCopyResponse(w, BackendTag.CopyOutResponse, {format: 0, columnFormats: [0]}),
    bodyless(BackendTag.CopyData),
    bodyless(BackendTag.CopyDone),
    (w) => writeCommandComplete(w, 'COPY 1'),
    ready,
  );
  under.answer(...described, ...oneRow);
  assert.ok(query.steps[0]?.unreadable instanceof UsageError);
  assert.deepEqual(behind.rows, [[{a: '1'}]]);
});
