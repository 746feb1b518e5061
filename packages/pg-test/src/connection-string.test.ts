import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {connectionString} from './connection-string';

test('every part survives being written into a connection string', () => {
  const text = fc.string({unit: 'grapheme', minLength: 1});
  fc.assert(
    fc.property(text, text, text, (user, password, database) => {
      const url = new URL(
        connectionString({host: '127.0.0.1', port: 5433, user, password, database}),
      );
      assert.equal(decodeURIComponent(url.username), user);
      assert.equal(decodeURIComponent(url.password), password);
      // URL resolves "." and ".." as path segments, a Postgres client does not.
      if (database !== '.' && database !== '..') {
        assert.equal(decodeURIComponent(url.pathname.slice(1)), database);
      }
    }),
  );
});
