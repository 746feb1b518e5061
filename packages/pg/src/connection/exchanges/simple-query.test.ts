import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError} from '../../errors';
import {BackendTag} from '../../protocol';
import {
  writeCommandComplete,
  writeCopyResponse,
  writeDataRow,
  writeEmptyBody,
  writeErrorResponse,
  writeReadyForQuery,
  writeRowDescription,
} from '../../protocol/testing';
import {SessionUnderTest} from '../session/session.test.support';
import type {Write} from '../session/session.test.support';
import {SimpleQuery} from './simple-query';

function sendSimple(text: string) {
  const under = new SessionUnderTest();
  const ends: {error: string | undefined; tags: readonly string[]}[] = [];
  under.session.send(
    new SimpleQuery(text, (error, tags) => ends.push({error: error?.message, tags: [...tags]})),
  );
  return {under, ends};
}

const complete =
  (tag: string): Write =>
  (w) =>
    writeCommandComplete(w, tag);
const ready: Write = (w) => writeReadyForQuery(w, 'I');

test('the tags of all commands are given, rows are read past', () => {
  const {under, ends} = sendSimple('DISCARD ALL; SELECT 1');
  under.answer(
    complete('DISCARD ALL'),
    (w) => writeRowDescription(w, []),
    (w) => writeDataRow(w, []),
    complete('SELECT 1'),
  );
  assert.deepEqual(ends, []);
  under.answer(ready);
  assert.deepEqual(ends, [{error: undefined, tags: ['DISCARD ALL', 'SELECT 1']}]);
});

test('an empty text is answered too', () => {
  const {under, ends} = sendSimple('');
  under.answer((w) => writeEmptyBody(w, BackendTag.EmptyQueryResponse), ready);
  assert.deepEqual(ends, [{error: undefined, tags: []}]);
});

test('an error ends it, after the commands that came before', () => {
  const {under, ends} = sendSimple('ROLLBACK; nosuch');
  under.answer(complete('ROLLBACK'), (w) =>
    writeErrorResponse(w, {severityNonLocalized: 'ERROR', code: '42601', message: 'syntax error'}),
  );
  under.answer(ready);
  assert.deepEqual(ends, [{error: 'syntax error', tags: ['ROLLBACK']}]);
});

test('a COPY in it is ended, not left waiting', () => {
  const {under, ends} = sendSimple('COPY t FROM STDIN');
  under.takeWritten();
  under.answer((w) =>
    writeCopyResponse(w, BackendTag.CopyInResponse, {format: 0, columnFormats: []}),
  );
  assert.deepEqual(
    under.takeWritten().map(({kind}) => kind),
    ['CopyFail'],
  );
  assert.equal(under.flushesAsked, 1);
  under.answer(
    (w) => writeErrorResponse(w, {severityNonLocalized: 'ERROR', message: 'COPY failed'}),
    ready,
  );
  assert.equal(ends[0]?.error, 'COPY failed');
});

test('it is told once when the connection is lost', () => {
  const {under, ends} = sendSimple('DISCARD ALL');
  under.session.abandon(() => new Error('gone'));
  assert.deepEqual(ends, [{error: 'gone', tags: []}]);
});

test('answers of the extended protocol do not belong to it', () => {
  const {under} = sendSimple('SELECT 1');
  assert.throws(
    () => under.answer((w) => writeEmptyBody(w, BackendTag.BindComplete)),
    ProtocolError,
  );
});
