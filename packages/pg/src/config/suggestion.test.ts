import assert from 'node:assert/strict';
import {test} from 'node:test';
import {didYouMean} from './suggestion';

const known = ['sslmode', 'host', 'poolSize'];

test('a slip of the fingers finds the name that was meant', () => {
  for (const slip of ['sslmod', 'ssslmode', 'sslmoed', 'SSLMODE', 'ssl_mode', 'sslnode'])
    assert.equal(didYouMean(slip, known), ' Did you mean "sslmode"?', slip);
  assert.equal(didYouMean('hsot', known), ' Did you mean "host"?');
  assert.equal(didYouMean('pool_size', known), ' Did you mean "poolSize"?');
});

test('a name that is like none gets no suggestion', () => {
  for (const other of ['', 'zebra', 'hat', 'ssl', 'sslrootcert'])
    assert.equal(didYouMean(other, known), '', other);
});
