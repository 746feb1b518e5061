import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError} from '../../errors';
import type {Session} from '../session/session';
import {SessionWithBackend, SessionUnderTest} from '../session/session.test.support';
import {fails, noData, ready, row} from './answers.test.support';
import {Ping} from './ping';

const backend = () => new SessionWithBackend({query: () => ({}), describe: () => undefined});

function ping<T extends {readonly session: Session}>(under: T) {
  const heard: boolean[] = [];
  under.session.send(new Ping((answered) => heard.push(answered)));
  return {under, heard};
}

test('a ping is a Sync, and its ReadyForQuery the answer', () => {
  const {under, heard} = ping(backend());
  under.exchangeBytes();
  assert.deepEqual(under.takeReceived(), ['Sync']);
  assert.deepEqual(heard, [true]);
  assert.equal(under.session.inFlight, 0);
});

test('a ping on a connection that ends was not answered', () => {
  const {under, heard} = ping(backend());
  under.session.abandon(() => new Error('gone'));
  assert.deepEqual(heard, [false]);
});

test('an error in place of the answer is an answer once ReadyForQuery is in', () => {
  const {under, heard} = ping(new SessionUnderTest());
  under.answer(fails('XX000'));
  assert.deepEqual(heard, []);
  under.answer(ready);
  assert.deepEqual(heard, [true]);
});

test('rows and results do not answer a ping', () => {
  for (const answer of [row, noData]) {
    const {under, heard} = ping(new SessionUnderTest());
    assert.throws(() => under.answer(answer), ProtocolError);
    assert.deepEqual(heard, []);
  }
});

test('what comes behind the answer to a ping belongs to nobody', () => {
  const {under, heard} = ping(new SessionUnderTest());
  assert.throws(() => under.answer(ready, ready), ProtocolError);
  assert.deepEqual(heard, [true]);
});
