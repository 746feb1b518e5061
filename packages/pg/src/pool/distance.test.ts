import assert from 'node:assert/strict';
import {test} from 'node:test';
import {CostEstimate} from './cost-estimate';
import {SLOW_MILLISECONDS} from './lane-policy';
import {FakeTask, costOf, createFixture, settle, warmUp} from './pool-fakes.test.support';
import {SimulatedTask, Simulation} from './simulation.test.support';

interface Place {
  readonly max: number;
  readonly roundTripMilliseconds: number;
  /** What is known of the round trip when the resources are opened. Default: what it is. */
  readonly reportedMilliseconds?: number;
}

async function simulate({max, roundTripMilliseconds, reportedMilliseconds}: Place) {
  const fixture = createFixture({max});
  fixture.factory.reportedRoundTripMilliseconds = reportedMilliseconds ?? roundTripMilliseconds;
  await warmUp(fixture, max);
  await settle();
  const simulation = new Simulation(fixture);
  simulation.roundTripMilliseconds = roundTripMilliseconds;
  return {fixture, simulation};
}

// Every task that ends is replaced by one like it.
function keepBusy(
  simulation: Simulation,
  outstanding: number,
  milliseconds: number,
  cost = new CostEstimate(),
): CostEstimate {
  const again = () => simulation.dispatch(new SimulatedTask('again', cost, milliseconds));
  simulation.onFinish = again;
  for (let index = 0; index < outstanding; index++) again();
  return cost;
}

for (const roundTripMilliseconds of [0.1, 5, 20, 100]) {
  test(`short work of 100 callers shares 10 resources that are ${roundTripMilliseconds} ms away`, async () => {
    const {simulation} = await simulate({max: 10, roundTripMilliseconds});
    keepBusy(simulation, 100, 0.2);
    // Until the first answers come, the work is unknown and runs alone.
    simulation.run(roundTripMilliseconds * 4 + 10);
    const before = simulation.finished.length;
    const milliseconds = roundTripMilliseconds * 10 + 10;
    simulation.run(simulation.now + milliseconds);
    const done = simulation.finished.length - before;
    // Ten on each resource are answered one after the other, then the next ten.
    const possible = (100 * milliseconds) / (roundTripMilliseconds + 10 * 0.2);
    assert.ok(done > possible * 0.8, `${done} of ${Math.round(possible)} that were possible`);
  });
}

for (const roundTripMilliseconds of [0.1, 5, 20]) {
  test(`work of 50 ms is slow at a distance of ${roundTripMilliseconds} ms, and shares with nothing`, async () => {
    const {simulation} = await simulate({max: 4, roundTripMilliseconds});
    const cost = keepBusy(simulation, 20, 50);
    simulation.run(2000);
    assert.ok(cost.meanMilliseconds > SLOW_MILLISECONDS);
    assert.ok(simulation.finished.length > 50);
    assert.equal(simulation.finished.filter(({task}) => task.behind.length > 0).length, 0);
  });
}

test('a round trip that was measured too long is corrected by the first answer that comes sooner', async () => {
  const {simulation} = await simulate({
    max: 1,
    roundTripMilliseconds: 1,
    reportedMilliseconds: 500,
  });
  const slow = new CostEstimate();
  simulation.dispatch(new SimulatedTask('slow', slow, 100));
  simulation.run(200);
  assert.ok(slow.meanMilliseconds <= SLOW_MILLISECONDS, 'hidden by the wrong round trip');
  simulation.dispatch(new SimulatedTask('fast', costOf(0.1), 0.1));
  simulation.run(300);
  for (let run = 0; run < 5; run++) {
    simulation.dispatch(new SimulatedTask('slow', slow, 100));
    simulation.run(simulation.now + 200);
  }
  assert.ok(slow.meanMilliseconds > SLOW_MILLISECONDS);
});

test('what ended without an answer says nothing of its cost, nor of the distance', async () => {
  const {fixture} = await simulate({max: 1, roundTripMilliseconds: 20});
  const unsent = new FakeTask('unsent', new CostEstimate());
  fixture.pool.dispatch(unsent);
  fixture.pool.finish(unsent, false);
  assert.equal(unsent.cost.meanMilliseconds, 0);
  const short = new FakeTask('short', new CostEstimate());
  fixture.pool.dispatch(short);
  await fixture.clock.advance(21);
  fixture.finish(short);
  assert.ok(short.cost.meanMilliseconds <= SLOW_MILLISECONDS);
});
