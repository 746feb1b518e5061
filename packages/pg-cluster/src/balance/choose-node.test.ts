import assert from 'node:assert/strict';
import {test} from 'node:test';
import {SLOW_START_MILLISECONDS, chooseNode, meanAfter} from './choose-node';

interface Node {
  readonly name: string;
  inFlight: number;
  meanMilliseconds: number;
  measuredAt: number;
  unanswered: number;
  unansweredSince: number;
  servingSince: number;
}

const node = (name: string, parts: Partial<Node> = {}): Node => ({
  name,
  inFlight: 0,
  meanMilliseconds: 1,
  measuredAt: 0,
  unanswered: 0,
  unansweredSince: 0,
  servingSince: -SLOW_START_MILLISECONDS,
  ...parts,
});

/** Evenly spread, and the same each time. */
function steps(): () => number {
  let state = 0;
  return () => (state = (state + 0.618_033_988_75) % 1);
}

/** How many of 1000 choices each of the nodes got. */
function shares(nodes: readonly Node[], now = 0): Record<string, number> {
  const random = steps();
  const counts = Object.fromEntries(nodes.map(({name}) => [name, 0]));
  for (let choice = 0; choice < 1000; choice++) {
    const {name} = chooseNode(nodes, now, random) ?? {name: 'none'};
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test('equal nodes get equal shares', () => {
  const counts = shares([node('a'), node('b'), node('c')]);
  for (const count of Object.values(counts)) assert.ok(count > 250 && count < 420, String(count));
});

test('of two, the one with less to do is chosen; of one, that one; of none, none', () => {
  assert.deepEqual(shares([node('busy', {inFlight: 5}), node('free')]), {busy: 0, free: 1000});
  assert.deepEqual(shares([node('slow', {meanMilliseconds: 8}), node('fast', {inFlight: 4})]), {
    slow: 0,
    fast: 1000,
  });
  assert.equal(chooseNode([], 0, Math.random), undefined);
});

test('a node that was never measured is tried', () => {
  const counts = shares([node('old', {inFlight: 1}), node('new', {meanMilliseconds: 0})]);
  assert.equal(counts['new'], 1000);
});

test('a node that has just come back gets less than its share, and all of it later', () => {
  const nodes = [node('warm', {inFlight: 1}), node('cold', {servingSince: 0})];
  assert.equal(shares(nodes, 0)['cold'], 0);
  assert.equal(shares(nodes, SLOW_START_MILLISECONDS)['cold'], 1000);
});

test('a node that answers nothing any more is left alone soon, however fast it was', () => {
  const frozen = node('frozen', {meanMilliseconds: 0.2});
  const slow = node('slow', {meanMilliseconds: 10});
  const random = steps();
  // A read each 2 ms; the slow node answers each in time.
  for (let now = 2; now < 500; now += 2) {
    if (chooseNode([frozen, slow], now, random) !== frozen) continue;
    if (frozen.unanswered++ === 0) frozen.unansweredSince = now;
    frozen.inFlight++;
  }
  assert.ok(frozen.inFlight <= 6, `${frozen.inFlight}`);
});

test('a node with one long statement under way goes on to get its share', () => {
  const one = {unanswered: 1, unansweredSince: 0, inFlight: 1};
  const counts = shares([node('long', one), node('other', {inFlight: 1})], 500);
  assert.ok((counts['long'] ?? 0) > 400, JSON.stringify(counts));
});

test('a node that was silent for long is asked again, unless it was left out', () => {
  const long = {unanswered: 2, unansweredSince: 0, inFlight: 2};
  assert.equal(shares([node('long', long), node('other', {inFlight: 2})], 900)['long'], 0);
  const counts = shares([node('long', long), node('other', {inFlight: 2})], 1000);
  assert.ok((counts['long'] ?? 0) > 400, JSON.stringify(counts));
});

test('of ten requests at a time, a node eight times slower gets few', () => {
  const random = steps();
  const nodes = [node('fast'), node('slow', {meanMilliseconds: 8}), node('fast too')];
  const ends: {at: number; node: Node}[] = [];
  let now = 0;
  let slow = 0;
  for (let request = 0; request < 3000; request++) {
    if (ends.length === 10) {
      ends.sort((a, b) => a.at - b.at);
      const [first] = ends.splice(0, 1);
      if (first !== undefined) {
        now = first.at;
        first.node.inFlight--;
      }
    }
    const chosen = chooseNode(nodes, now, random);
    assert.ok(chosen !== undefined);
    if (chosen.name === 'slow') slow++;
    chosen.inFlight++;
    ends.push({at: now + chosen.meanMilliseconds * chosen.inFlight, node: chosen});
  }
  assert.ok(slow < 300, `${slow} of 3000`);
});

test('the average goes up faster than down', () => {
  assert.equal(meanAfter(0, 5), 5);
  assert.ok(Math.abs(meanAfter(10, 20) - 13) < 1e-9);
  assert.ok(Math.abs(meanAfter(10, 0) - 9) < 1e-9);
});
