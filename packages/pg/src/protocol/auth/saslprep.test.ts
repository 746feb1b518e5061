import assert from 'node:assert/strict';
import {createHash, createHmac, pbkdf2Sync} from 'node:crypto';
import {test} from 'node:test';

import * as fc from 'fast-check';

import {saslprep} from './saslprep';

test('the examples of RFC 4013', () => {
  assert.equal(saslprep('I\u00adX'), 'IX');
  assert.equal(saslprep('user'), 'user');
  assert.equal(saslprep('USER'), 'USER');
  assert.equal(saslprep('\u00aa'), 'a');
  assert.equal(saslprep('\u2168'), 'IX');
});

test('spaces of other scripts become spaces, compatibility forms what they stand for', () => {
  assert.equal(saslprep('a\u00a0b\u3000c'), 'a b c');
  assert.equal(saslprep('e\u0301'), 'é');
  assert.equal(saslprep('ﬁnal'), 'final');
});

test('what is prohibited is used as it is, as Postgres does', () => {
  for (const password of [
    '\u0007', // ASCII, left alone altogether
    'é\u0007', // a control
    '\u00aa\u{1f600}', // not assigned in Unicode 3.2
    '\u{1d7ca}', // not assigned in 3.2 itself, though its NFKC is
    '\u06271', // right-to-left that ends otherwise
    '\u0627\u00b2', // the same, where NFKC would change it
    '\u0627\u00aa\u0628', // mixed directions
    '\u00aa\ud800', // a lone surrogate
    '\u00aa\ue000', // private use
    '\u00ad', // empty once prepared
    '',
  ]) {
    assert.equal(saslprep(password), password);
  }
});

test('preparing twice changes nothing, and nothing makes it fail', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 20}), (password) => {
      const prepared = saslprep(password);
      assert.equal(saslprep(prepared), prepared);
    }),
    {numRuns: 500},
  );
});

// Captured from pg_authid of a Postgres 15 server after ALTER ROLE ... PASSWORD.
const goldens: readonly (readonly [password: string, verifier: string])[] = [
  [
    'I\u00adX',
    'SCRAM-SHA-256$4096:E3/gtlGxhvnwbn56EV9mBQ==$6hUQNbimBAGpq5uuAhibfN/MCrhIV2mup7SOSVLWDPA=:TQzptR2dUKjO/OMWh/gh761z3IxuwiMEl8mAuV9BwUA=',
  ],
  [
    '\u00aa\u2168',
    'SCRAM-SHA-256$4096:Z9tdn5XJ3GAIcCszgU6r7Q==$k83L0E/EH4cb7hfJvtDTxKrjO2wQltg83miR8DocNtA=:+sYuMl5L5CuwJYyt+ZQNFl5pKPWNvnWgR78wes2imD0=',
  ],
  [
    '\u00e9\u0007',
    'SCRAM-SHA-256$4096:nV8vb6HBUn3iWbgwofF7vA==$nFfMoac3NIRgPHODqqg77ffXP/z8RR9F2USdF6WjIwQ=:V6m+uQwaWHv1CtiJSoA7N9MgR6gGlWACNtz8LJmFGZc=',
  ],
  [
    '\u00aa\ud83d\ude00',
    'SCRAM-SHA-256$4096:GqEYQdxeJBniUIYxf4u1Zw==$cw+0eyQNLzDz/qNrUARJkuhWDPRG8s0+XW1akvOp7vs=:ZQ34KHH1UbQotd/dAWXf4SpgHbyyI3xgJ9u5rR2aQGY=',
  ],
  [
    '\ud835\udfca',
    'SCRAM-SHA-256$4096:o75pw8yuH99t3c/O3WgeyQ==$PNAxFCTeX3aAcbP61pZE+EbLVvj5fbjb7cd3jwcmvlg=:EJPo1L1JyR8L17CPcQEK4d/VadQSnRN51U7B+DJkTwU=',
  ],
  [
    '\u06271',
    'SCRAM-SHA-256$4096:5n5aojKwokSpd073X74L5w==$9iFFIyyFpgX56Hdt0x1NdvL7vomeE9z9z98y25TjCCs=:9t/AVJNaoo7imEWbwwkEuQVf0/6By+471K6xpl/1plM=',
  ],
  [
    '\u0627\u0628',
    'SCRAM-SHA-256$4096:33vt4sMAmZWh0uSoTKP9eQ==$Z5C/XOZbrcOxBbWimirHgt7+UNm9FmrB3lEozd7sbCA=:sZZD7oLA+anmNit0G5P7k5IgoDRCC8hj7Owjw2sQfPk=',
  ],
  [
    '\u00aa\ue000',
    'SCRAM-SHA-256$4096:Q9P5ufPEFvLfVGP+3T00qg==$Z3TBDCUTU4/iyKsWr34SWcpriqR3Tp4fSSqEgm2nWJ8=:6BkOBsg1LwcQyzTJnS6cFLgsiKK/rHPFJjKHzPaXYTI=',
  ],
  [
    'a\u3000b',
    'SCRAM-SHA-256$4096:prnxzpZygdfAVHQSgKKtBg==$l1BTy+MezH8hwjnPWyh/mKZGCg/UKEoiUZj789V8o8s=:OncLhv7O4A6zUu0/xfk7w+zzewFQCFEkAaPX9n1JzLM=',
  ],
  [
    '\u00ad',
    'SCRAM-SHA-256$4096:gM41r0ut20/BNMJJMkUjeA==$IiswkDmvJFA/2WMzUaVdPZXMRzCiH8u4JvU5NpKXnKQ=:w9O+o7ukV9PqC7HucbNS0esfNFjemVDJYBUVycYH3iU=',
  ],
];

for (const [password, verifier] of goldens) {
  test(`Postgres stored the same key for ${JSON.stringify(password)}`, () => {
    const [, iterations = '', salt = '', storedKey = ''] =
      /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier) ?? [];
    const salted = pbkdf2Sync(
      saslprep(password),
      Buffer.from(salt, 'base64'),
      Number(iterations),
      32,
      'sha256',
    );
    const clientKey = createHmac('sha256', salted).update('Client Key').digest();
    assert.equal(createHash('sha256').update(clientKey).digest('base64'), storedKey);
  });
}
