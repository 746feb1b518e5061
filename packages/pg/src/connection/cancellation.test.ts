import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {Cancellation, cancelTransitions} from './cancellation';
import type {CancelPhase} from './cancellation';

/** Microtasks until whoever waits for a request has been told. */
const told = () => new Promise((resolve) => setImmediate(resolve));

function cancellationOf() {
  const exchanges: object[] = [];
  const session = {
    cancelling: false,
    get inFlight() {
      return exchanges.length;
    },
    get current() {
      return exchanges[0];
    },
  };
  /** Those on their way; taking one off and calling it delivers it. */
  const requests: ((failure?: Error) => void)[] = [];
  let asked = 0;
  let delivered = 0;
  const cancellation = new Cancellation({
    session,
    target: {
      serverAddress: 'db',
      serverPort: 5432,
      database: 'app',
      schema: undefined,
      poolName: 'db',
    },
    processId: 1,
    request: () => {
      asked++;
      return new Promise((resolve, reject) =>
        requests.push((failure) => (failure === undefined ? resolve() : reject(failure))),
      );
    },
    delivered: () => void delivered++,
  });
  return {
    cancellation,
    session,
    requests,
    begin: () => void exchanges.push({}),
    /** What is in front ends. */
    end: () => {
      exchanges.shift();
      if (exchanges.length === 0) cancellation.settled();
    },
    deliver: async (failure?: Error) => {
      requests.shift()?.(failure);
      await told();
    },
    counts: () => ({asked, delivered}),
  };
}

test('what is cancelled has ended, and the request is late: nothing is sent until it was delivered', async () => {
  const {cancellation, session, begin, end, deliver} = cancellationOf();
  begin();
  void cancellation.ask();
  assert.equal(cancellation.phase, 'requesting');
  end();
  assert.equal(cancellation.phase, 'late');
  assert.notEqual(cancellation.underWay, undefined);
  assert.equal(session.cancelling, true);
  await deliver();
  assert.equal(cancellation.phase, 'none');
  assert.equal(session.cancelling, false);
});

test('a request that cannot be delivered is over like any other', async () => {
  const {cancellation, begin, deliver, counts} = cancellationOf();
  begin();
  const asked = cancellation.ask();
  await deliver(new Error('refused'));
  await asked;
  assert.equal(cancellation.phase, 'delivered');
  assert.equal(cancellation.underWay, undefined);
  assert.deepEqual(counts(), {asked: 1, delivered: 1});
});

test('once all has ended nothing is asked again, nor is anything kept for it', async (t) => {
  const {cancellation, begin, end, deliver, counts} = cancellationOf();
  begin();
  void cancellation.ask();
  t.mock.timers.enable({apis: ['setTimeout']});
  const cleared = t.mock.method(globalThis, 'clearTimeout');
  await deliver();
  const before = cleared.mock.callCount();
  end();
  assert.equal(cleared.mock.callCount(), before + 1);
  t.mock.timers.tick(60_000);
  assert.deepEqual(counts(), {asked: 1, delivered: 1});
});

test('a phase is left only by what the table says, and every phase can be left', () => {
  const phases = Object.keys(cancelTransitions);
  for (const [phase, events] of Object.entries(cancelTransitions)) {
    const next: readonly (CancelPhase | undefined)[] = Object.values(events);
    assert.ok(next.length > 0 && next.every((to) => to !== phase && phases.includes(String(to))));
  }
});

test('whatever comes when: one request at a time, and "cancelling" for as long as one may hit', async () => {
  const steps = fc.array(fc.constantFrom('begin', 'end', 'ask', 'deliver'), {maxLength: 40});
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const {cancellation, session, requests, begin, end, deliver} = cancellationOf();
      let mayHit = false;
      for (const step of run) {
        // The connection holds back what is sent meanwhile.
        if (step === 'begin' && cancellation.underWay === undefined) begin();
        if (step === 'end' && session.inFlight > 0) end();
        if (step === 'ask') void cancellation.ask();
        if (step === 'deliver') await deliver();
        assert.ok(requests.length <= 1);
        mayHit = requests.length === 1 || (mayHit && session.inFlight > 0);
        assert.equal(session.cancelling, mayHit);
        assert.equal(cancellation.underWay !== undefined, requests.length === 1);
      }
      while (session.inFlight > 0) end();
      await deliver();
      assert.equal(cancellation.phase, 'none');
    }),
    {
      numRuns: 60,
      // Asked again, and then what was meant ends while that request is on its way.
      examples: [[['begin', 'ask', 'deliver', 'ask', 'end']]],
    },
  );
});
