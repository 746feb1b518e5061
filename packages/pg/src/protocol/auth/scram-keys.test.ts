import assert from 'node:assert/strict';
import {test} from 'node:test';

import {nodeCrypto} from '../testing/node-crypto';
import {deriveScramKeys, rememberScramKeys} from './scram-keys';

const SALT = Buffer.from('salt');

function counting(most = 8) {
  const passwords: string[] = [];
  const crypto = {
    ...nodeCrypto,
    pbkdf2(password: string, salt: Uint8Array, iterations: number) {
      passwords.push(password);
      return password === 'broken'
        ? Promise.reject(new Error('no threads'))
        : nodeCrypto.pbkdf2(password, salt, iterations);
    },
  };
  return {passwords, derive: rememberScramKeys(crypto, Buffer.from('secret'), most)};
}

test('what is remembered is what would be derived', async () => {
  const {derive} = counting();
  const derived = await deriveScramKeys(nodeCrypto, 'pencil', SALT, 3);
  assert.deepEqual(await derive('pencil', SALT, 3), derived);
  assert.deepEqual(await derive('pencil', SALT, 3), derived);
  assert.equal(derived.clientKey.length, 32);
  assert.notDeepEqual(derived.clientKey, derived.serverKey);
});

test('what is remembered is given at once', async () => {
  const {derive} = counting();
  const derived = await derive('pencil', SALT, 3);
  assert.equal(derive('pencil', SALT, 3), derived);
});

test('connections that open at the same time and later ones derive once', async () => {
  const {derive, passwords} = counting();
  await Promise.all([derive('pencil', SALT, 3), derive('pencil', SALT, 3)]);
  await derive('pencil', SALT, 3);
  assert.deepEqual(passwords, ['pencil']);
});

test('another password, salt or cost has keys of its own', async () => {
  const {derive, passwords} = counting();
  const all = [
    await derive('pencil', SALT, 3),
    await derive('pen', SALT, 3),
    await derive('pencil', Buffer.from('pepper'), 3),
    await derive('pencil', SALT, 4),
    // In one row with the salt these would be the same bytes as one of those above.
    await derive(':pencil', SALT, 3),
  ];
  assert.equal(passwords.length, all.length);
  const different = new Set(all.map(({clientKey}) => clientKey.toString('hex')));
  assert.equal(different.size, all.length);
});

test('what could not be derived is tried again', async () => {
  const {derive, passwords} = counting();
  await assert.rejects(async () => derive('broken', SALT, 3), /no threads/);
  await assert.rejects(async () => derive('broken', SALT, 3), /no threads/);
  assert.equal(passwords.length, 2);
});

test('the oldest is forgotten when there are too many', async () => {
  const {derive, passwords} = counting(2);
  for (const password of ['a', 'b', 'c']) await derive(password, SALT, 1);
  await derive('c', SALT, 1);
  await derive('b', SALT, 1);
  assert.deepEqual(passwords, ['a', 'b', 'c']);
  await derive('a', SALT, 1);
  assert.deepEqual(passwords, ['a', 'b', 'c', 'a']);
});
