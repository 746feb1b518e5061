import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DatabaseError} from '../../errors';
import {writeCommandComplete} from '../../protocol/testing';
import {SessionUnderTest, describeMessage} from '../session/session.test.support';
import {copyIn, fails, ready} from './answers.test.support';
import {CopyIn} from './copy-in';

function start() {
  const under = new SessionUnderTest();
  const heard: (string | number | Error)[] = [];
  const copy = new CopyIn('COPY t FROM STDIN', {
    opened: () => heard.push('opened'),
    ended: (outcome) => heard.push(outcome),
  });
  under.session.send(copy);
  const written = () => under.takeWritten().map(describeMessage);
  assert.deepEqual(written(), ['Query']);
  return {under, heard, copy, written};
}

test('a copy opens when the server says so, and its end is written once', () => {
  const {under, heard, copy, written} = start();
  copy.done();
  assert.equal(copy.open, false);
  assert.deepEqual(written(), []);
  under.answer(copyIn);
  assert.equal(copy.open, true);
  copy.done();
  copy.fail('too late');
  assert.deepEqual(written(), ['CopyDone']);
  under.answer((w) => writeCommandComplete(w, 'COPY 3'), ready);
  assert.deepEqual(heard, ['opened', 3]);
  assert.equal(under.session.inFlight, 0);
});

test('a copy that is failed before it opens fails when it opens, and asks for no data', () => {
  const {under, heard, copy, written} = start();
  copy.fail('the first');
  copy.fail('the second');
  assert.deepEqual(written(), []);
  under.answer(copyIn);
  assert.deepEqual(written(), ['CopyFail']);
  under.answer(fails('57014'), ready);
  assert.equal(heard.length, 1);
  assert.ok(heard[0] instanceof DatabaseError);
});

test('after an error of the server nothing more is written', () => {
  const {under, heard, copy, written} = start();
  under.answer(copyIn, fails('23505'));
  assert.equal(copy.open, false);
  copy.done();
  copy.fail('the source failed');
  assert.deepEqual(written(), []);
  under.answer(ready);
  assert.equal(heard.length, 2);
});
