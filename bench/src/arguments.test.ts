import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseArguments} from './arguments';
import {peerNames} from './peers';
import {workloadNames} from './workloads';

test('without arguments everything is measured', () => {
  const {workloads, peers, rounds} = parseArguments([]);
  assert.deepEqual(workloads, workloadNames);
  assert.deepEqual(peers, peerNames);
  assert.equal(peers[0], 'ours');
  assert.equal(rounds, 5);
});

test('workloads, peers, rounds and seconds can be chosen', () => {
  const line = ['point', 'tx', '--peers', 'ours,postgres', '--rounds', '1', '--seconds', '0.3'];
  assert.deepEqual(parseArguments(line), {
    workloads: ['point', 'tx'],
    peers: ['ours', 'postgres'],
    rounds: 1,
    seconds: 0.3,
    resultsFolder: undefined,
    profileFolder: undefined,
    from: undefined,
    writeGuide: false,
  });
});

test('an earlier run can be reported again, and put into the guide', () => {
  const {from, writeGuide} = parseArguments(['--from', 'results/one.json', '--write-guide']);
  assert.deepEqual([from, writeGuide], ['results/one.json', true]);
});

test('what does not exist is refused with what does', () => {
  assert.throws(() => parseArguments(['pint']), /pint is not possible[^]*workloads: point/);
  assert.throws(() => parseArguments(['--peers', 'mysql']), /mysql is not possible[^]*postgres/);
  assert.throws(() => parseArguments(['--rounds', '0']), /--rounds 0/);
  assert.throws(() => parseArguments(['--seconds', 'x']), /--seconds x/);
});
