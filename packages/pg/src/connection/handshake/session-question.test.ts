import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError} from '../../errors';
import {ByteWriter, FrameDecoder} from '../../protocol';
import {ScriptedBackend} from '../../protocol/testing';
import type {ScriptedReply} from '../../protocol/testing';
import {SessionQuestion} from './session-question';

function answersTo(reply: ScriptedReply): ReadonlyMap<string, string> {
  const backend = new ScriptedBackend({query: () => reply});
  const writer = new ByteWriter();
  const question = new SessionQuestion();
  backend.receive(startup());
  question.ask(writer);
  const decoder = new FrameDecoder();
  const answer = backend.receive(writer.take());
  decoder.push(answer, 0, answer.length);
  let step: unknown = 'read';
  while (decoder.next()) {
    step = question.receive(decoder.tag, decoder.buffer, decoder.start, decoder.end);
  }
  assert.equal(step, 'done');
  return question.answers;
}

function startup(): Buffer {
  const bytes = Buffer.from('\0\0\0\x10\0\x03\0\0user\0u\0\0', 'latin1');
  bytes.writeInt32BE(bytes.length, 0);
  return bytes;
}

const row = (standby: string, readOnly: string): ScriptedReply => ({
  columns: ['pg_is_in_recovery', 'current_setting'],
  rows: [[standby, readOnly]],
});

/** Whether it is a standby, and whether it is read-only. */
function told(reply: ScriptedReply): unknown[] {
  const answers = answersTo(reply);
  return [answers.get('in_hot_standby'), answers.get('default_transaction_read_only')];
}

test('a standby and a read-only primary are told apart from a primary', () => {
  assert.deepEqual(told(row('f', 'off')), ['off', 'off']);
  assert.deepEqual(told(row('f', 'on')), ['off', 'on']);
  assert.deepEqual(told(row('t', 'on')), ['on', 'on']);
});

test('a server that answers with an error gives no answers', () => {
  assert.equal(answersTo({error: {code: '42883', message: 'no such function'}}).size, 0);
});

test('what does not answer a query is no Postgres', () => {
  const question = new SessionQuestion();
  assert.throws(() => question.receive('K'.charCodeAt(0), Buffer.alloc(8), 0, 8), ProtocolError);
});
