import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ClusterNodeState} from '../api/cluster-api';
import {renderBytes, renderMilliseconds, renderNodes, routesOf} from './render-nodes';

function node(name: string, changes: Partial<ClusterNodeState> = {}): ClusterNodeState {
  return {
    name,
    role: 'replica',
    phase: 'serving',
    reason: undefined,
    timeline: 2,
    lagMilliseconds: 12,
    lagBytes: 4000,
    inFlight: 0,
    meanMilliseconds: 0.52,
    answerMilliseconds: 0.4,
    ...changes,
  };
}

const PRIMARY = node('db1:5432', {role: 'primary', lagMilliseconds: 0, lagBytes: 0, inFlight: 3});

test('a line per node, and below it where requests go', () => {
  const text = renderNodes([
    PRIMARY,
    node('db2:5432'),
    node('db3.internal:5432', {
      phase: 'ejected',
      reason: 'connect ECONNREFUSED',
      answerMilliseconds: undefined,
    }),
  ]);
  assert.equal(
    text,
    `NODE               ROLE     PHASE    TIMELINE          BEHIND  IN FLIGHT  READS TAKE   PROBE  GETS
db1:5432           primary  serving         2               -          3      0.5 ms  0.4 ms  writes
db2:5432           replica  serving         2  12 ms / 3.9 kB          0      0.5 ms  0.4 ms  reads
db3.internal:5432  replica  ejected         2               -          0      0.5 ms       -  nothing: connect ECONNREFUSED
Writes go to db1:5432; reads go to db2:5432.
`,
  );
});

test('what does not serve gets nothing, and a node that missed a probe still gets reads', () => {
  const nodes = [
    PRIMARY,
    node('suspect', {phase: 'suspect', reason: 'no answer within 250 ms'}),
    node('lagging', {phase: 'lagging', reason: 'it is 2000 ms behind'}),
  ];
  assert.deepEqual(routesOf(nodes), {writesGoTo: 'db1:5432', readsGoTo: ['suspect']});
  const text = renderNodes(nodes);
  assert.match(text, /reads: no answer within 250 ms\n/);
  assert.match(text, /nothing: it is 2000 ms behind\n/);
});

test('without a replica it says that the primary reads, without a primary that writes wait', () => {
  assert.match(renderNodes([PRIMARY]), /Writes go to db1:5432; reads, too, because no replica/);
  assert.match(renderNodes([node('db2')]), /Writes wait: .*; reads go to db2\.\n/);
  assert.match(renderNodes([]), /Writes wait: .*; reads fail: no node serves\.\n/);
});

test('a node that has split off takes neither, whatever it says', () => {
  const text = renderNodes([
    PRIMARY,
    node('old', {role: 'unknown', phase: 'lagging', reason: 'another node replaced it'}),
  ]);
  assert.match(text, /old .* nothing: another node replaced it\n/);
});

test('colours do not move columns', () => {
  const nodes = [PRIMARY, node('db2:5432', {phase: 'lagging'})];
  const coloured = renderNodes(nodes, {colours: true});
  assert.ok(coloured.includes('\u001B[33mlagging\u001B[0m'));
  // oxlint-disable-next-line no-control-regex
  assert.equal(coloured.replaceAll(/\u001B\[\d+m/g, ''), renderNodes(nodes));
});

test('what a server says cannot move the cursor', () => {
  const text = renderNodes([node('x', {phase: 'ejected', reason: 'a\u001B[2Jb\r\nc\u009Bd'})]);
  assert.match(text, /nothing: a \[2Jb c d\n/);
});

test('times and sizes have as many digits as mean something', () => {
  const times = [0, 0.44, 9.96, 128.4, 12_345, Number.POSITIVE_INFINITY, undefined];
  assert.deepEqual(times.map(renderMilliseconds), [
    '0 ms',
    '0.4 ms',
    '10.0 ms',
    '128 ms',
    '12 s',
    'long',
    '-',
  ]);
  assert.deepEqual([0, 1023, 1024, 20_000, 3 * 1024 ** 2, 5 * 1024 ** 4].map(renderBytes), [
    '0 B',
    '1023 B',
    '1.0 kB',
    '20 kB',
    '3.0 MB',
    '5.0 TB',
  ]);
});
