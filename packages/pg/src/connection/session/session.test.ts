import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError, ValueError} from '../../errors';
import {BackendTag, nameOfBackendTag} from '../../protocol';
import {
  writeCommandComplete,
  writeEmptyBody,
  writeErrorResponse,
  writeNoticeResponse,
  writeNotificationResponse,
  writeParameterStatus,
  writeReadyForQuery,
} from '../../protocol/testing';
import type {Exchange, Outcome} from './exchange';
import {Phase, isLegal} from './phase';
import {SessionUnderTest} from './session.test.support';
import type {Write} from './session.test.support';

/** Awaits the phase it is given, and writes down what it hears. */
class Probe implements Exchange {
  readonly heard: string[] = [];
  readonly #phase: Phase;
  readonly #outcomes: Outcome[];

  constructor(phase: Phase = Phase.syncing, outcomes: Outcome[] = []) {
    this.#phase = phase;
    this.#outcomes = outcomes;
  }

  write(session: {writer: {int8(value: number): void}}): Phase {
    session.writer.int8(1);
    return this.#phase;
  }
  row(): void {
    this.heard.push('DataRow');
  }
  receive(tag: number): Phase {
    this.heard.push(nameOfBackendTag(tag));
    return Phase.syncing;
  }
  failed(): void {
    this.heard.push('failed');
  }
  ready(status: string): Outcome {
    this.heard.push(status);
    return this.#outcomes.shift() ?? 'done';
  }
  lost(error: Error): void {
    this.heard.push(`lost: ${error.message}`);
  }
}

const ready: Write = (w) => writeReadyForQuery(w, 'I');
const fails: Write = (w) => writeErrorResponse(w, {severityNonLocalized: 'ERROR', message: 'no'});
const bodyless =
  (tag: number): Write =>
  (w) =>
    writeEmptyBody(w, tag);

const report =
  (name: string): Write =>
  (w) =>
    writeParameterStatus(w, name, 'x');

const ANSWERS: readonly [number, Write][] = [
  [BackendTag.ParseComplete, bodyless(BackendTag.ParseComplete)],
  [BackendTag.BindComplete, bodyless(BackendTag.BindComplete)],
  [BackendTag.CloseComplete, bodyless(BackendTag.CloseComplete)],
  [BackendTag.NoData, bodyless(BackendTag.NoData)],
  [BackendTag.PortalSuspended, bodyless(BackendTag.PortalSuspended)],
  [BackendTag.EmptyQueryResponse, bodyless(BackendTag.EmptyQueryResponse)],
  [BackendTag.CopyDone, bodyless(BackendTag.CopyDone)],
  [BackendTag.CommandComplete, (w) => writeCommandComplete(w, 'SELECT 0')],
  [BackendTag.ReadyForQuery, ready],
];

for (const [name, phase] of Object.entries(Phase)) {
  for (const [tag, write] of ANSWERS) {
    if (isLegal(phase, tag)) continue;
    test(`while ${name}, ${nameOfBackendTag(tag)} ends the session and no exchange hears it`, () => {
      const under = new SessionUnderTest();
      const probe = new Probe(phase);
      if (phase !== Phase.idle) under.session.send(probe);
      assert.throws(
        () => under.answer(write),
        (error) =>
          error instanceof ProtocolError &&
          error.message === `${nameOfBackendTag(tag)} is not legal while ${name}`,
      );
      assert.deepEqual(probe.heard, []);
    });
  }
}

test('answers go to exchanges in the order in which these were sent', () => {
  const under = new SessionUnderTest();
  const probes = [new Probe(Phase.parsing), new Probe(Phase.binding), new Probe()];
  for (const probe of probes) under.session.send(probe);
  assert.equal(under.session.inFlight, 3);
  assert.equal(under.session.current, probes[0]);
  under.answer(bodyless(BackendTag.ParseComplete), ready);
  assert.equal(under.session.current, probes[1]);
  under.answer(bodyless(BackendTag.BindComplete), ready, ready);
  assert.deepEqual(
    probes.map((probe) => probe.heard),
    [['ParseComplete', 'idle'], ['BindComplete', 'idle'], ['idle']],
  );
  assert.equal(under.session.inFlight, 0);
  assert.equal(under.exchangesEnded, 3);
});

test('hundreds of exchanges in flight keep their order', () => {
  const under = new SessionUnderTest();
  const probes = Array.from({length: 300}, () => new Probe());
  for (const probe of probes.slice(0, 200)) under.session.send(probe);
  for (let i = 0; i < 150; i++) under.answer(ready);
  for (const probe of probes.slice(200)) under.session.send(probe);
  for (let i = 150; i < 300; i++) {
    assert.equal(under.session.current, probes[i]);
    under.answer(ready);
  }
  assert.ok(probes.every((probe) => probe.heard.length === 1));
});

test('an error belongs to the exchange at the head, and what it still awaited is not expected', () => {
  const under = new SessionUnderTest();
  const [first, second] = [new Probe(Phase.parsing), new Probe()];
  under.session.send(first);
  under.session.send(second);
  under.answer(fails, ready, ready);
  assert.deepEqual(first.heard, ['failed', 'idle']);
  assert.deepEqual(second.heard, ['idle']);
});

test('two errors in one exchange are not the protocol', () => {
  const under = new SessionUnderTest();
  under.session.send(new Probe(Phase.parsing));
  assert.throws(
    () => under.answer(fails, fails),
    /ErrorResponse is not legal while discarding: no/,
  );
});

test('an error that answers nothing ends the session', () => {
  assert.throws(() => new SessionUnderTest().answer(fails), ProtocolError);
});

test('notices, notifications and reports may come at any time, for nobody in particular', () => {
  const under = new SessionUnderTest();
  const asynchronous: Write[] = [
    (w) => writeNoticeResponse(w, {message: 'careful'}),
    (w) => writeNotificationResponse(w, {processId: 7, channel: 'c', payload: 'p'}),
    (w) => writeParameterStatus(w, 'TimeZone', 'UTC'),
  ];
  const probe = new Probe(Phase.parsing);
  under.answer(...asynchronous);
  under.session.send(probe);
  under.answer(...asynchronous, bodyless(BackendTag.ParseComplete), ...asynchronous);
  under.answer(ready);
  assert.deepEqual(probe.heard, ['ParseComplete', 'idle']);
  assert.equal(under.notices.length, 3);
  assert.deepEqual(under.notifications[2], {processId: 7, channel: 'c', payload: 'p'});
  assert.equal(under.session.parameters.get('TimeZone'), 'UTC');
});

test('a FATAL error is kept as the farewell and ends nothing by itself', () => {
  const under = new SessionUnderTest();
  const probe = new Probe(Phase.parsing);
  under.session.send(probe);
  under.answer((w) =>
    writeErrorResponse(w, {severityNonLocalized: 'FATAL', code: '57P01', message: 'shutting down'}),
  );
  assert.equal(under.session.farewell?.code, '57P01');
  assert.deepEqual(probe.heard, []);
});

test('a server that reports ever new parameters is stopped', () => {
  const under = new SessionUnderTest();
  for (let i = 0; i < 1000; i++) under.answer(report(`p${i}`));
  under.answer(report('p7'));
  assert.throws(() => under.answer(report('one more')), /more than 1000 different parameters/);
});

test('when a session is abandoned every exchange in flight is lost, in order, each with its own reason', () => {
  const under = new SessionUnderTest();
  const probes = [new Probe(), new Probe(), new Probe()];
  for (const probe of probes) under.session.send(probe);
  under.answer(ready);
  under.session.abandon((before) => new Error(`probe ${before}`));
  assert.deepEqual(
    probes.map((probe) => probe.heard),
    [['idle'], ['lost: probe 1'], ['lost: probe 2']],
  );
  assert.equal(under.session.inFlight, 0);
});

test('an exchange that cannot be written leaves no byte behind and does not disturb the others', () => {
  const under = new SessionUnderTest();
  const [before, behind] = [new Probe(), new Probe()];
  const broken = new Probe();
  broken.write = (session) => {
    session.writer.int8(2);
    throw new ValueError('not to be written', {code: 'PG_PARAMETER_INVALID'});
  };
  under.session.send(before);
  assert.equal(under.session.send(broken), false);
  under.session.send(behind);
  assert.deepEqual(broken.heard, ['lost: not to be written']);
  assert.deepEqual([...under.writer.take()], [1, 1]);
  under.answer(ready, ready);
  assert.deepEqual([before.heard, behind.heard], [['idle'], ['idle']]);
});

test('an exchange that is to run again is written behind those in flight, and asks to be flushed', () => {
  const under = new SessionUnderTest();
  const [first, second] = [new Probe(Phase.syncing, ['again']), new Probe()];
  under.session.send(first);
  under.session.send(second);
  under.writer.take();
  under.answer(ready);
  assert.equal(under.writer.pendingBytes, 1);
  assert.equal(under.flushesAsked, 1);
  assert.equal(under.session.current, second);
  under.answer(ready, ready);
  assert.deepEqual(first.heard, ['idle', 'idle']);
  assert.equal(under.session.inFlight, 0);
});

test('what came before its request was sent is not taken for an answer to it', () => {
  const under = new SessionUnderTest();
  const [first, second] = [new Probe(), new Probe()];
  under.session.send(first);
  under.session.flushed = 1;
  under.session.send(second);
  assert.throws(() => under.answer(ready, ready), /ReadyForQuery came before what it would answer/);
  assert.deepEqual([first.heard, second.heard], [['idle'], []]);
});

test('what comes behind the last answer answers nothing', () => {
  const under = new SessionUnderTest();
  const probe = new Probe();
  under.session.send(probe);
  assert.throws(() => under.answer(ready, bodyless(BackendTag.ParseComplete)), ProtocolError);
  assert.deepEqual(probe.heard, ['idle']);
});
