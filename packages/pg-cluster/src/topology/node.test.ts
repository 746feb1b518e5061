/** What a node has shown, and when that is void. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool from '@databases/pg';
import {ClusterNode} from './node';

function node(): ClusterNode {
  // A pool connects with its first query, so never here.
  return new ClusterNode('replica 1', createConnectionPool('postgres://user@localhost/database'));
}

void test('a watermark only rises', () => {
  const replica = node();
  replica.raise(5n, replica.epoch);
  replica.raise(3n, replica.epoch);
  assert.equal(replica.watermark, 5n);
});

void test('a lost connection voids what was shown before, and what is still on its way', () => {
  const replica = node();
  const {epoch} = replica;
  replica.raise(5n, epoch);
  replica.forget();
  assert.ok(replica.watermark < 0n);
  replica.raise(9n, epoch);
  assert.ok(replica.watermark < 0n);
  replica.raise(2n, replica.epoch);
  assert.equal(replica.watermark, 2n);
});
