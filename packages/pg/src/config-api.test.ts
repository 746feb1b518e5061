import assert from 'node:assert/strict';
import {test} from 'node:test';

const names = [
  'ConfigurationError',
  'describeTarget',
  'formatConnectionString',
  'machineSources',
  'parseConnectionString',
  'resolveConfig',
];

test('@databases/pg/config gives the same objects to require and import', async () => {
  const required: object = require('@databases/pg/config');
  const imported: object = await import('@databases/pg/config');
  assert.deepEqual(Object.keys(required).sort(), names);
  for (const name of names)
    assert.equal(Reflect.get(imported, name), Reflect.get(required, name), name);
});

test('its error is the one that @databases/pg throws', () => {
  const main: object = require('@databases/pg');
  const config: object = require('@databases/pg/config');
  assert.equal(Reflect.get(config, 'ConfigurationError'), Reflect.get(main, 'ConfigurationError'));
});
