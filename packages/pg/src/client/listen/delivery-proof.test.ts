import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConfigurationError} from '../../errors';
import {FakeClock, settle} from '../../pool/pool-fakes.test.support';
import {DeliveryProof} from './delivery-proof';

function proving(notify: () => Promise<unknown> = () => Promise.resolve()) {
  const clock = new FakeClock();
  const ended: (Error | undefined)[] = [];
  const proof = new DeliveryProof({
    channel: 'proof',
    target: 'pooler:6432',
    clock,
    notify,
    ended: (error) => ended.push(error),
  });
  proof.start();
  return {clock, ended, proof};
}

test('a notification that arrives proves it, once', async () => {
  const {clock, ended, proof} = proving();
  await settle();
  proof.arrived();
  proof.arrived();
  await clock.advance(60_000);
  assert.deepEqual(ended, [undefined]);
});

test('it may arrive before the session that sent it has its answer', async () => {
  const {clock, ended, proof} = proving();
  proof.arrived();
  await clock.advance(60_000);
  assert.deepEqual(ended, [undefined]);
  assert.ok(!clock.keepsAlive);
});

test('one that has not come within five seconds does not, and the error says what to change', async () => {
  const {clock, ended} = proving();
  await clock.advance(4999);
  assert.equal(ended.length, 0);
  await clock.advance(1);
  const [error] = ended;
  assert.ok(error instanceof ConfigurationError, String(error));
  assert.match(error.message, /pooler:6432.*pool_mode=session/);
});

test('where it cannot even be sent, why not is the answer', async () => {
  const {ended} = proving(() => Promise.reject(new Error('no connection')));
  await settle();
  assert.match(String(ended[0]), /no connection/);
});

test('stopped it says nothing any more', async () => {
  const {clock, ended, proof} = proving();
  proof.stop();
  await clock.advance(60_000);
  assert.deepEqual(ended, []);
});
