import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import sql = require('./index');
import {escapeIdentifier} from './identifier';
import {tokenize} from './lexer/index';

const format = (query: sql.SQLQuery): string => query.format(sql.pgFormat).text;
const invalid = {code: 'SQL_INVALID_IDENTIFIER'};

test('names are quoted and joined with dots', () => {
  assert.equal(format(sql.ident('users')), '"users"');
  assert.equal(
    format(sql`SELECT * FROM ${sql.ident('public', 'a"b')}`),
    'SELECT * FROM "public"."a""b"',
  );
  assert.equal(format(sql`a${sql.ident()}b`), 'ab');
});

test('names have up to 63 bytes, not characters', () => {
  assert.equal(escapeIdentifier('x'.repeat(63)).length, 65);
  assert.equal(escapeIdentifier('ü'.repeat(31)).length, 33);
  assert.throws(() => sql.ident('x'.repeat(64)), {...invalid, message: /64 bytes long.*63 bytes/s});
  assert.throws(() => sql.ident('ü'.repeat(32)), invalid);
  assert.throws(() => sql.ident('🦊'.repeat(16)), invalid);
});

test('names the server cannot have are refused', () => {
  assert.throws(() => sql.ident(''), {...invalid, message: /empty/});
  assert.throws(() => sql.ident('a\0b'), {...invalid, message: /NUL character at index 1/});
  assert.throws(() => sql.ident('a\ud800'), {...invalid, message: /surrogate pair at index 1/});
  assert.throws(() => escapeIdentifier('\udc00a'), invalid);
});

test('an object or a symbol stands for a generated name, the same throughout a query', () => {
  const a = {};
  const b = Symbol('b');
  assert.equal(
    format(sql`${sql.ident(a)}, ${sql.ident(b)}, ${sql.ident('t', a)}`),
    '"__local_0__", "__local_1__", "t"."__local_0__"',
  );
  assert.equal(format(sql.ident(b)), '"__local_0__"');
});

const name = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('"', "'", '\\', '$', '-', ' '),
      fc.string({minLength: 1, maxLength: 1}),
    ),
  })
  .filter((text) => text !== '' && !text.includes('\0') && Buffer.byteLength(text) <= 63);

test('any name, quoted, is one identifier to the server, and that name', () => {
  fc.assert(
    fc.property(name, (text) => {
      const quoted = escapeIdentifier(text);
      assert.deepEqual(tokenize(quoted), [
        {kind: 'quotedIdentifier', start: 0, end: quoted.length},
      ]);
      assert.equal(quoted.slice(1, -1).replaceAll('""', '"'), text);
    }),
  );
});
