import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findAccount} from './account';

const ROOT = 'root:x:0:0:root:/root:/bin/bash';
const NOBODY = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
const POSTGRES = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash';

test('the account "postgres" wins over "nobody", wherever they stand', () => {
  assert.deepEqual(findAccount([ROOT, NOBODY, POSTGRES].join('\n')), {uid: 101, gid: 104});
  assert.deepEqual(findAccount([ROOT, NOBODY].join('\n')), {uid: 65_534, gid: 65_534});
});

test('root is never taken, under no name', () => {
  assert.equal(findAccount(`${ROOT}\npostgres:x:0:0::/:/bin/sh`), undefined);
  assert.equal(findAccount(''), undefined);
  assert.equal(findAccount('postgres'), undefined);
});
