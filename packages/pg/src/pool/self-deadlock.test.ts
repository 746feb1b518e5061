import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '../errors';
import {FakeHolder, FakeTask, createFixture} from './pool-fakes.test.support';

function assertSelfDeadlock(error: unknown): void {
  assert.ok(error instanceof UsageError);
  assert.equal(error.code, 'PG_SELF_DEADLOCK');
  assert.match(error.message, /poolSize/);
}

test('asking for a lease inside the only lease is refused at once', async () => {
  const {pool} = createFixture({max: 1});
  const outer = new FakeHolder(pool);
  await outer.done;
  const inner = new FakeHolder(pool, {holder: outer.lease ?? {}});
  await inner.done;
  assertSelfDeadlock(inner.error);
  assert.equal(pool.stats().waiting, 0);
});

test('a task dispatched inside the only lease is refused at once', async () => {
  const {pool} = createFixture({max: 1});
  const outer = new FakeHolder(pool);
  await outer.done;
  const task = new FakeTask('inner', undefined, {holder: outer.lease ?? {}});
  pool.dispatch(task);
  assertSelfDeadlock(task.error);
});

test('when each of two holders asks for another lease, the second to ask is refused', async () => {
  const {pool} = createFixture({max: 2});
  const [a, b] = [new FakeHolder(pool), new FakeHolder(pool)];
  await Promise.all([a.done, b.done]);
  const inA = new FakeHolder(pool, {holder: a.lease ?? {}});
  const inB = new FakeHolder(pool, {holder: b.lease ?? {}});
  await inB.done;
  assertSelfDeadlock(inB.error);
  assert.equal(inA.error, undefined);
  b.lease?.release();
  await inA.done;
  assert.ok(inA.lease);
});

test('the holder of a lease is stuck when what it asked for inside is', async () => {
  const {pool} = createFixture({max: 2});
  const outer = new FakeHolder(pool);
  await outer.done;
  const middle = new FakeHolder(pool, {holder: outer.lease ?? {}});
  await middle.done;
  const inner = new FakeHolder(pool, {holder: middle.lease ?? {}});
  await inner.done;
  assertSelfDeadlock(inner.error);
});

test('a holder that waits while another lease of its own is in use elsewhere waits on', async () => {
  const {pool} = createFixture({max: 2});
  const outer = new FakeHolder(pool);
  await outer.done;
  const branch = new FakeHolder(pool, {holder: outer.lease ?? {}});
  await branch.done;
  const otherBranch = new FakeHolder(pool, {holder: outer.lease ?? {}});
  branch.lease?.release();
  await otherBranch.done;
  assert.ok(otherBranch.lease);
});

test('a token stands for everything that was leased in its name', async () => {
  const {pool} = createFixture({max: 2});
  const token = {};
  const [a, b] = [new FakeHolder(pool, {holder: token}), new FakeHolder(pool, {holder: token})];
  await Promise.all([a.done, b.done]);
  const inner = new FakeHolder(pool, {holder: token});
  await inner.done;
  assertSelfDeadlock(inner.error);
});

test('as long as one lease may end by itself, callers wait', async () => {
  const {pool, clock} = createFixture({max: 2});
  const [a, outsider] = [new FakeHolder(pool), new FakeHolder(pool)];
  await Promise.all([a.done, outsider.done]);
  const inner = new FakeHolder(pool, {holder: a.lease ?? {}});
  await clock.advance(60_000);
  assert.equal(inner.error, undefined);
  outsider.lease?.release();
  await inner.done;
  assert.ok(inner.lease);
});

test('a holder that was served no longer counts as waiting', async () => {
  const {pool} = createFixture({max: 2});
  const [a, b] = [new FakeHolder(pool), new FakeHolder(pool)];
  await Promise.all([a.done, b.done]);
  const inA = new FakeHolder(pool, {holder: a.lease ?? {}});
  b.lease?.release();
  await inA.done;
  inA.lease?.release();
  const c = new FakeHolder(pool);
  await c.done;
  const inC = new FakeHolder(pool, {holder: c.lease ?? {}});
  a.lease?.release();
  await inC.done;
  assert.ok(inC.lease);
});
