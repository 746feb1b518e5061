import assert from 'node:assert/strict';
import {test} from 'node:test';
import getDatabase from './get-database';
import setup = require('./jest/globalSetup');
import teardown = require('./jest/globalTeardown');
import {withSession} from './simple-query';

function version(databaseURL: string): Promise<string | null | undefined> {
  const url = new URL(databaseURL);
  return withSession({host: url.hostname, port: Number(url.port)}, async (session) => {
    const rows = await session.query('SHOW server_version_num');
    return rows[0]?.[0];
  });
}

test('getDatabase() of earlier versions works as it did, the image choosing the version', async () => {
  const {databaseURL, kill} = await getDatabase({
    image: 'postgres:14-alpine',
    containerName: 'x',
    debug: false,
  });
  assert.match(databaseURL, /^postgres:\/\/test-user@127\.0\.0\.1:\d+\/test-db$/);
  assert.match((await version(databaseURL)) ?? '', /^14/);
  await kill();
  await assert.rejects(version(databaseURL));
});

test('what cannot be kept is refused', async () => {
  await assert.rejects(getDatabase({persistVolume: 'x'}), {code: 'PG_TEST_BAD_OPTION'});
  await assert.rejects(getDatabase({image: 'postgres:9.6'}), {code: 'PG_TEST_UNKNOWN_VERSION'});
});

test("Jest's setup sets the variable and migrates, its teardown ends the server", async () => {
  const environmentVariable = 'PG_TEST_TEST_URL';
  const program = `process.exit(process.env.${environmentVariable} ? 0 : 1)`;
  await setup({environmentVariable, migrationsScript: [process.execPath, '-e', program]});
  const url = process.env[environmentVariable] ?? '';
  assert.match((await version(url)) ?? '', /^18/);
  await setup({environmentVariable, migrationsScript: ['/nonexistent']});
  assert.equal(process.env[environmentVariable], url, 'a database that is given is used');
  await teardown();
  assert.equal(process.env[environmentVariable], undefined);
  await assert.rejects(version(url));
  await assert.rejects(
    setup({environmentVariable, migrationsScript: [process.execPath, '-e', 'process.exit(3)']}),
    {message: /exit code 3/},
  );
  await teardown();
});
