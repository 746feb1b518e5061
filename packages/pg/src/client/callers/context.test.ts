import assert from 'node:assert/strict';
import {test} from 'node:test';
import {goInside, innermostOwner, isInside, runInside} from './context';

test('a scope lasts as long as what was started in it, through awaits, and not outside', async () => {
  const owner = {};
  assert.equal(isInside(owner), false);
  const inside = await runInside(owner, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return isInside(owner);
  });
  assert.equal(inside, true);
  assert.equal(isInside(owner), false);
});

test('scopes nest, and are those of one line of calls only', async () => {
  const [outer, inner, other] = [{}, {}, {}];
  await Promise.all([
    runInside(outer, () =>
      runInside(inner, async () => {
        await Promise.resolve();
        assert.deepEqual([outer, inner, other].map(isInside), [true, true, false]);
      }),
    ),
    runInside(other, async () => {
      await Promise.resolve();
      assert.deepEqual([outer, inner, other].map(isInside), [false, false, true]);
    }),
  ]);
});

const isDate = (owner: object): owner is Date => owner instanceof Date;

test('the innermost owner of a kind is found', () => {
  const [far, near] = [new Date(1), new Date(2)];
  assert.equal(innermostOwner(isDate), undefined);
  runInside(far, () =>
    runInside(near, () => runInside({}, () => assert.equal(innermostOwner(isDate), near))),
  );
});

test('what is gone into without a callback lasts beyond an await, until it is over', async () => {
  const around = {};
  const first = {over: false};
  const second = {over: false};
  await runInside(around, async () => {
    goInside(first);
    await Promise.resolve();
    assert.equal(isInside(first), true);
    first.over = true;
    goInside(second);
    await Promise.resolve();
    assert.deepEqual([first, second, around].map(isInside), [false, true, true]);
  });
  assert.deepEqual([first, second, around].map(isInside), [false, false, false]);
});
