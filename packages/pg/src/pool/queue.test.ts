import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {Fifo} from './queue';
import type {Queued} from './queue';

class Item implements Queued<Item> {
  queue: Fifo<Item> | undefined = undefined;
  queuePrevious: Item | undefined = undefined;
  queueNext: Item | undefined = undefined;
  constructor(public arrival: number) {}
}

function arrivals(list: Fifo<Item>): number[] {
  const found: number[] = [];
  for (let item = list.head; item !== undefined; item = item.queueNext) found.push(item.arrival);
  const backwards: number[] = [];
  for (let item = list.tail; item !== undefined; item = item.queuePrevious) {
    backwards.push(item.arrival);
  }
  assert.deepEqual(backwards.toReversed(), found);
  return found;
}

test('a list behaves like an array with push, sorted insert and removal anywhere', () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({kind: fc.constant('push' as const), at: fc.constant(0)}),
      fc.record({
        kind: fc.constant('insert' as const),
        at: fc.double({min: 0, max: 60, noNaN: true}),
      }),
      fc.record({kind: fc.constant('remove' as const), at: fc.nat(40)}),
    ),
    {maxLength: 60},
  );
  fc.assert(
    fc.property(actions, (script) => {
      const list = new Fifo<Item>();
      let model: Item[] = [];
      let arrival = 0;
      for (const {kind, at} of script) {
        if (kind === 'remove') {
          const item = model[at % Math.max(1, model.length)];
          if (item === undefined) continue;
          assert.equal(list.remove(item), true);
          assert.equal(list.remove(item), false);
          model = model.filter((other) => other !== item);
        } else {
          const item = new Item(kind === 'push' ? ++arrival + 60 : at);
          if (kind === 'push') list.push(item);
          else list.insertByArrival(item);
          model = [...model, item].sort((a, b) => a.arrival - b.arrival);
        }
        assert.deepEqual(
          arrivals(list),
          model.map((item) => item.arrival),
        );
        assert.equal(list.size, model.length);
      }
    }),
  );
});

test('an item of another list is not removed', () => {
  const one = new Fifo<Item>();
  const other = new Fifo<Item>();
  const item = new Item(1);
  one.push(item);
  assert.equal(other.remove(item), false);
  assert.equal(one.size, 1);
});
