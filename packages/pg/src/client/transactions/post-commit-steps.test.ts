import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PostCommitSteps} from './post-commit-steps';

function recorder() {
  const ran: string[] = [];
  return {ran, step: (name: string) => async () => void ran.push(name)};
}

test('steps run one after the other, in order, once', async () => {
  const {ran} = recorder();
  const steps = new PostCommitSteps();
  for (const name of ['a', 'b']) {
    steps.add(async () => {
      ran.push(`${name} begins`);
      await Promise.resolve();
      ran.push(`${name} ends`);
    });
  }
  await steps.run();
  await steps.run();
  assert.deepEqual(ran, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('the steps of a savepoint stand where it was released, and move only once', async () => {
  const {ran, step} = recorder();
  const [outer, nested] = [new PostCommitSteps(), new PostCommitSteps()];
  outer.add(step('before'));
  nested.add(step('nested'));
  outer.addAll(nested);
  outer.addAll(nested);
  outer.add(step('after'));
  await nested.run();
  assert.deepEqual(ran, []);
  await outer.run();
  assert.deepEqual(ran, ['before', 'nested', 'after']);
});

test('a step that throws ends it', async () => {
  const {ran, step} = recorder();
  const steps = new PostCommitSteps();
  steps.add(() => Promise.reject(new Error('no')));
  steps.add(step('later'));
  await assert.rejects(steps.run(), /no/);
  assert.deepEqual(ran, []);
});
