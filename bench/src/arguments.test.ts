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
    firstRound: 0,
    seconds: 0.3,
    resultsFolder: undefined,
    profileFolder: undefined,
    from: [],
    writeGuide: false,
  });
});

test('earlier runs can be reported again, and put into the guide', () => {
  const line = ['--from', 'one.json', '--from', 'two.json', '--write-guide'];
  const {from, writeGuide} = parseArguments(line);
  assert.deepEqual([from, writeGuide], [['one.json', 'two.json'], true]);
});

test('a run can go on with the rounds of an earlier one', () => {
  assert.equal(parseArguments(['--rounds', '2', '--first-round', '3']).firstRound, 3);
});

test('what does not exist is refused with what does', () => {
  assert.throws(() => parseArguments(['pint']), /pint is not possible[^]*workloads: point/);
  assert.throws(() => parseArguments(['--peers', 'mysql']), /mysql is not possible[^]*postgres/);
  assert.throws(() => parseArguments(['--rounds', '0']), /--rounds 0/);
  assert.throws(() => parseArguments(['--first-round', '-1']), /--first-round/);
  assert.throws(() => parseArguments(['--seconds', 'x']), /--seconds x/);
});
