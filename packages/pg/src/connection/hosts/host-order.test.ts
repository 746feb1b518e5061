import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {HostOrder, SILENT_MILLISECONDS} from './host-order';
import type {OrderPolicy} from './host-order';

const items = ['a', 'b', 'c'].map((key) => ({key}));

function orderOf(policy: OrderPolicy, random = () => 0) {
  const clock = {now: 0};
  const order = new HostOrder(policy, {now: () => clock.now, random});
  return {
    clock,
    order,
    keys: () =>
      order
        .sort(items)
        .map(({key}) => key)
        .join(''),
  };
}

test('the one that answered last comes first, then the others as they were given', () => {
  const {order, keys} = orderOf('sticky');
  assert.equal(keys(), 'abc');
  order.answered('c');
  assert.equal(keys(), 'cab');
});

test('addresses are tried as they were given, whichever answered', () => {
  const {order, keys} = orderOf('asGiven');
  order.answered('c');
  assert.equal(keys(), 'abc');
});

test('one that did not answer comes last for a minute, or until it answers', () => {
  const {clock, order, keys} = orderOf('sticky');
  order.failed('a');
  assert.equal(keys(), 'bca');
  clock.now = SILENT_MILLISECONDS - 1;
  assert.equal(keys(), 'bca');
  clock.now = SILENT_MILLISECONDS;
  assert.equal(keys(), 'abc');
  order.failed('a');
  order.answered('a');
  assert.equal(keys(), 'abc');
});

test('one that answered last and then did not answer comes last', () => {
  const {order, keys} = orderOf('sticky');
  order.answered('b');
  order.failed('b');
  assert.equal(keys(), 'acb');
});

test('in random order, one that did not answer still comes last', () => {
  const throws = [0, 0.99, 0.5, 0.2, 0.7];
  const {order, keys} = orderOf('random', () => throws[0] ?? 0);
  order.failed('b');
  for (let i = 0; i < throws.length; i++) {
    assert.equal(keys().at(-1), 'b');
    throws.push(throws.shift() ?? 0);
  }
});

test('each order is as likely as any other', () => {
  // Three items take a choice of one, of two and of three: these throws go through all of them once.
  const seen: string[] = [];
  for (const second of [0.25, 0.75]) {
    for (const third of [0.1, 0.5, 0.9]) {
      const throws = [0.5, second, third];
      seen.push(orderOf('random', () => throws.shift() ?? 0).keys());
    }
  }
  assert.deepEqual(seen.toSorted(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
});

test('whatever happened, each comes exactly once', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const event = fc.record({
    key,
    kind: fc.constantFrom('answered', 'failed'),
    after: fc.nat(90_000),
  });
  const policy = fc.constantFrom<OrderPolicy>('sticky', 'asGiven', 'random');
  fc.assert(
    fc.property(
      policy,
      fc.array(event),
      fc.double({min: 0, max: 0.999, noNaN: true}),
      (p, events, chance) => {
        const {clock, order} = orderOf(p, () => chance);
        for (const {key: k, kind, after} of events) {
          clock.now += after;
          if (kind === 'answered') order.answered(k);
          else order.failed(k);
          assert.deepEqual(
            order.sort(items).toSorted((x, y) => (x.key < y.key ? -1 : 1)),
            items,
          );
        }
      },
    ),
  );
});
