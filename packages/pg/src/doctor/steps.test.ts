/* The steps that judge numbers. Those on the way to a session are seen against servers in test/doctor.test.ts. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {connectionsStep} from './connections-step';
import type {HostContext} from './host-context';
import {poolerStep} from './pooler-step';
import {readReplicationState, replicationStep} from './replication-step';
import {roundTripStep} from './round-trip-step';

function context(poolSize: number, processes: number): HostContext {
  return {
    server: 'db:5432',
    host: 'db',
    port: 5432,
    isSocket: false,
    needsLookup: true,
    directTls: false,
    sslMode: 'prefer',
    user: 'app',
    database: 'app',
    poolSize,
    processes,
    source: () => 'default',
  };
}

test('pools that need all that the server has left are fine, one more is a warning', () => {
  const row = ['100', '3', '1', '-1', '-1'];
  assert.equal(connectionsStep(row, context(97, 1)).status, 'ok');
  const step = connectionsStep(row, context(49, 2));
  assert.equal(step.status, 'warn');
  assert.match(step.advice?.join() ?? '', /lower poolSize to 48 or less/);
});

test('the limit of a role or a database counts where it is the lower one', () => {
  assert.equal(connectionsStep(['100', '3', '1', '5', '-1'], context(6, 1)).status, 'warn');
  assert.equal(connectionsStep(['100', '3', '1', '-1', '5'], context(6, 1)).status, 'warn');
  assert.equal(connectionsStep(['100', '3', '1', '50', '50'], context(6, 1)).status, 'ok');
});

test('the process that was announced is Postgres itself, any other a pooler', () => {
  const signs = {announcedProcessId: 7, processIds: [7, 7], prepare: 'auto'} as const;
  assert.equal(poolerStep(signs).status, 'ok');
  assert.equal(poolerStep({...signs, announcedProcessId: 8}).status, 'warn');
  assert.equal(poolerStep({...signs, announcedProcessId: undefined}).status, 'warn');
  assert.match(poolerStep({...signs, processIds: [7, 9]}).summary, /transaction or statement mode/);
});

test('a standby is behind by bytes of the primary and by its own seconds', () => {
  const primary = readReplicationState('a:5432', ['0', '5000', '0']);
  const step = replicationStep([primary, readReplicationState('b:5432', ['1', '4000', '2.5'])]);
  assert.equal(step.status, 'ok');
  assert.deepEqual(step.facts, [{name: 'b:5432', value: '1000 bytes, 2.5 s behind'}]);
  const late = readReplicationState('b:5432', ['1', '4000', '11']);
  assert.equal(replicationStep([primary, late]).status, 'warn');
  assert.equal(replicationStep([primary]).status, 'skipped');
});

test('a round trip is the median, and a warning where even the least is long', () => {
  assert.equal(roundTripStep([9, 1, 2]).milliseconds, 2);
  assert.equal(roundTripStep([9, 1, 200]).status, 'ok');
  assert.equal(roundTripStep([80, 90, 100]).status, 'warn');
});
