/** pg-boss: makes its schema, takes a job and works it off. */
import assert from 'node:assert/strict';
import PgBoss from 'pg-boss';

export default async function run(connectionString) {
  const boss = new PgBoss({connectionString, max: 4});
  boss.on('error', (error) => assert.fail(error));
  await boss.start();
  await boss.createQueue('mail');
  const id = await boss.send('mail', {to: 'ada@example.com'});
  const worked = new Promise((resolve) => {
    void boss.work('mail', {pollingIntervalSeconds: 0.5}, async ([job]) => resolve(job));
  });
  assert.deepEqual((await worked).data, {to: 'ada@example.com'});
  assert.equal((await worked).id, id);
  await boss.stop({graceful: true, wait: true, timeout: 5000});
}
