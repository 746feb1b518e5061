import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openWorkload, runsOn} from './open-workload';
import type {OpenedWorkload, Workload} from './workloads/workload';

const setting = {title: 'a workload', poolSize: 3, inFlight: 1, server: 'memory'} as const;
const options = {url: 'postgres://127.0.0.1/none', poolSize: 3};

const opened: OpenedWorkload = {
  check: () => Promise.resolve(),
  loop: () => () => Promise.resolve(),
  close: () => Promise.resolve(),
  figures: () => Promise.resolve({growthBytes: 1}),
};

const withPrograms: Workload = {
  ...setting,
  implementations: {
    postgres: () =>
      Promise.resolve({
        open: (given) => {
          assert.equal(given, options);
          return Promise.resolve(opened);
        },
      }),
  },
};

test('a workload with programs runs on the peers that have one, and opens it', async () => {
  assert.ok(runsOn('one', withPrograms, 'postgres'));
  assert.ok(!runsOn('one', withPrograms, 'ours'));
  assert.equal(await openWorkload(withPrograms, 'postgres', options), opened);
  await assert.rejects(openWorkload(withPrograms, 'ours', options), /no program for ours/);
});

test('pgbench runs the workloads that there is a script for', () => {
  assert.ok(runsOn('sequential', withPrograms, 'pgbench'));
  assert.ok(!runsOn('rows', withPrograms, 'pgbench'));
});

test('a workload without programs runs through the session of every peer that has one', async () => {
  const slots: number[] = [];
  const throughSession: Workload = {
    ...setting,
    check: async (session) => {
      assert.equal(typeof session.point, 'function');
    },
    loop: (_session, slot) => {
      slots.push(slot);
      return () => Promise.resolve();
    },
  };
  assert.ok(runsOn('one', throughSession, 'bun'));
  assert.ok(!runsOn('one', throughSession, 'psql'));
  await assert.rejects(openWorkload(throughSession, 'psql', options), /psql has no session/);
  // Opening makes no connection yet; ours connects when it is first asked.
  const session = await openWorkload(throughSession, 'ours', options);
  await session.check();
  session.loop(2);
  assert.deepEqual(slots, [2]);
  await session.close();
});
