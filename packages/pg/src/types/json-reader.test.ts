import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {JsonReader} from './json-reader';

/** What comes behind a value in a DataRow: a length, or what would go on with a document. */
const LENGTH = '\0\0\0\u0004';
const GOING_ON = '1}]",2';

function read(reader: JsonReader, document: Uint8Array | string, behind = GOING_ON): unknown {
  const bytes = Buffer.from(document);
  const buffer = Buffer.concat([Buffer.from(LENGTH), bytes, Buffer.from(behind)]);
  const value = reader.read(buffer, 4, 4 + bytes.length);
  // A reader that kept a view would now show it.
  buffer.fill(0x7b);
  return value;
}

/** As JSON.parse reads it, order of the keys and -0 included; undefined is always right. */
function check(reader: JsonReader, document: Uint8Array): boolean {
  const value = read(reader, document);
  if (value === undefined) return false;
  const expected: unknown = JSON.parse(Buffer.from(document).toString());
  assert.deepEqual(value, expected);
  assert.equal(JSON.stringify(value), JSON.stringify(expected));
  return true;
}

/** The text of a value as jsonb_out writes it. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, of]) => `${JSON.stringify(key)}: ${jsonbText(of)}`,
  );
  return `{${members.join(', ')}}`;
}

const keys = fc.oneof(
  fc.constantFrom('id', 'name', 'a', 'b', '__proto__', 'constructor', '2', '1', '', 'é', '"', '\\'),
  fc.string({unit: 'grapheme', maxLength: 6}),
);
const {document} = fc.letrec((tie) => ({
  document: fc.oneof(
    {maxDepth: 4, withCrossShrink: true},
    fc.oneof(
      fc.string({unit: 'binary', maxLength: 20}),
      fc.integer(),
      fc.double({noNaN: true, noDefaultInfinity: true}),
      fc.tuple(fc.maxSafeInteger(), fc.nat(17)).map(([digits, places]) => digits / 10 ** places),
      fc.constantFrom(true, false, null, 0.1, 1e21, 1e-7),
    ),
    fc.array(tie('document'), {maxLength: 4}),
    // Of pairs, so that no key is lost on the way to the text.
    fc
      .uniqueArray(fc.tuple(keys, tie('document')), {maxLength: 5, selector: ([key]) => key})
      .map((members): unknown => Object.fromEntries(members)),
  ),
}));
const text = fc
  .tuple(
    document,
    fc.constantFrom(jsonbText, JSON.stringify, (value: unknown) =>
      JSON.stringify(value, null, '\t'),
    ),
  )
  .map(([value, write]) => Buffer.from(write(value)));

test('whatever JSON.parse can read is read as JSON.parse reads it, or left to it', () => {
  const reader = new JsonReader();
  fc.assert(
    fc.property(text, (bytes) => {
      check(reader, bytes);
      // With a memory of its own, so that not all of them are left to JSON.parse once that is full.
      const fresh = new JsonReader();
      for (let time = 0; time < 3; time++) check(fresh, bytes);
    }),
    {numRuns: 1000},
  );
});

test('objects are the same once code was generated for their shape, whatever comes instead of it', () => {
  const alike = fc
    .tuple(
      fc.uniqueArray(keys, {minLength: 1, maxLength: 5}),
      fc.array(fc.tuple(document, fc.nat(5)), {minLength: 3, maxLength: 6}),
      fc.constantFrom(jsonbText, JSON.stringify),
    )
    .map(([names, members, write]) =>
      // Each begins with the same keys and goes on with fewer or more of them.
      members.map(([value, count], index) =>
        Buffer.from(
          write(
            Object.fromEntries(names.slice(0, 1 + count).map((name) => [name, value ?? index])),
          ),
        ),
      ),
    );
  fc.assert(
    fc.property(alike, (documents) => {
      const compiling = new JsonReader(1);
      for (let time = 0; time < 3; time++) {
        for (const bytes of documents) check(compiling, bytes);
      }
    }),
    {numRuns: 500},
  );
});

function withKeys(value: string, behind = '}'): Buffer {
  return Buffer.from(`{"a":${value},"longer key": 1${behind}`);
}

test('generated code reads integers and keys as the reader does', () => {
  const reader = new JsonReader(1);
  for (let time = 0; time < 3; time++) assert.ok(check(reader, withKeys('1')));
  for (const value of ['0', '-0', '-7', '10', '1.5', '1e3', '"x"', 'null', '[]', '{"a":2}']) {
    assert.ok(check(reader, withKeys(value)), value);
  }
  for (const value of ['999999999999999', '9007199254740993', '12345678901234567890']) {
    assert.ok(check(reader, withKeys(value)), value);
  }
  for (const value of ['01', '1x', '-', '', '+1', '1.', '1 2']) {
    assert.equal(read(reader, withKeys(value)), undefined, value);
  }
  for (const behind of [' }', '\n}', ',"b":2}', ', "b" :2 }']) {
    assert.ok(check(reader, withKeys('1', behind)), behind);
  }
  for (const behind of ['', ']', ',}', '}}', '}1', ' ']) {
    assert.equal(read(reader, withKeys('1', behind)), undefined, behind);
  }
  assert.ok(check(reader, Buffer.from('{"a":1}')));
  assert.ok(check(reader, Buffer.from('{"a":1,"longer kez": 1}')));
  assert.ok(check(reader, Buffer.from('{"a":1 ,"longer key": 1}')));
});

test('a document that is cut where its memory ends is not read, and no error', () => {
  for (const whole of ['{"a": 1, "longer key": 1}', '{"a": "x", "b": 1}', '{"c": {"d": 1}}']) {
    const reader = new JsonReader(1);
    for (let time = 0; time < 3; time++) assert.ok(check(reader, Buffer.from(whole)));
    for (let end = 0; end < whole.length; end++) {
      assert.equal(read(reader, whole.slice(0, end), ''), undefined);
    }
  }
});

test('objects are plain, whichever way they were read', () => {
  const reader = new JsonReader(1);
  const texts = ['{"a": 1, "b": 2}', '{"a":1,"b":2}', '{"a": [], "b": 2}', '{"a": 1 , "b": 2}'];
  for (let time = 0; time < 3; time++) {
    for (const one of texts) {
      const value = read(reader, one);
      assert.ok(typeof value === 'object' && value !== null);
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
      assert.deepEqual(Object.keys(value), ['a', 'b']);
    }
  }
});

test('what JSON.parse refuses is not read', () => {
  const damaged = fc.tuple(
    text,
    fc.nat(),
    fc.constantFrom(...Buffer.from('0.-+eE1",:[]{}\\ \n\u0001tx'), 0xff, 0xc3),
  );
  fc.assert(
    fc.property(damaged, fc.boolean(), fc.boolean(), ([bytes, place, byte], cut, compiles) => {
      const reader = new JsonReader(compiles ? 1 : undefined);
      for (let time = 0; time < 3; time++) check(reader, bytes);
      const at = bytes.length === 0 ? 0 : place % bytes.length;
      check(
        reader,
        cut
          ? bytes.subarray(0, at)
          : Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + 1)]),
      );
    }),
    {numRuns: 2000},
  );
});

for (const bad of [
  '',
  ' ',
  '01',
  '-',
  '1.',
  '.5',
  '+1',
  '1e',
  '-01',
  '0x1',
  'nul',
  'truE',
  '"',
  '"\u0001"',
  '"\\x"',
  '{',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '[1,]',
  '[',
  '[1 2]',
  '{"a":1',
  '1 1',
  "{'a':1}",
]) {
  test(`${JSON.stringify(bad)} is not read`, () => {
    for (const behind of [LENGTH, GOING_ON]) {
      assert.equal(read(new JsonReader(), bad, behind), undefined);
    }
  });
}

test('documents that look alike are all read, before and after their shape is compiled', () => {
  const reader = new JsonReader();
  for (let id = 0; id < 300; id++) {
    const bytes = Buffer.from(
      `{"id": ${id}, "__proto__": {"x": -0.5}, "2": [], "1": {}, "kinds": ["a", "\\n", "é", ""], "ok": ${id % 2 === 0}, "price": ${id}.25, "big": 12345678901234567890, "exp": 1e3}`,
    );
    assert.ok(check(reader, bytes), `document ${id}`);
  }
});

test('of keys that come twice the last one stays, at the place of the first', () => {
  const reader = new JsonReader();
  for (let time = 0; time < 100; time++) {
    assert.ok(
      check(reader, Buffer.from('{"a": 1, "b": 2, "a": 3, "__proto__": 4, "__proto__": null}')),
    );
  }
});

test('no two documents share an object', () => {
  const reader = new JsonReader();
  const [first, second] = [0, 1].map(() => read(reader, '{"list": [{"n": 1}], "none": {}}'));
  Object.assign(Object(first), {added: 1}).list[0].n = 2;
  assert.deepEqual(second, {list: [{n: 1}], none: {}});
});

test('where the keys are data the reader gives up, and what it keeps stays bounded', () => {
  const reader = new JsonReader();
  let found = 0;
  for (let id = 0; id < 2000; id++)
    if (check(reader, Buffer.from(`{"user ${id}": ${id}}`))) found++;
  assert.ok(found < 100, `${found}`);
  assert.equal(check(reader, Buffer.from('{"user 0": 1}')), false);
});

test('long strings and long documents are left to the engine, short ones are not', () => {
  const strings = [90, 96, 400].map((length) => JSON.stringify('é'.repeat(length / 2)));
  assert.deepEqual(
    strings.map((json) => check(new JsonReader(), Buffer.from(json))),
    [true, false, false],
  );
  const numbers = [100, 300].map((length) => JSON.stringify(Array.from({length}, () => 1)));
  assert.deepEqual(
    numbers.map((json) => check(new JsonReader(), Buffer.from(json))),
    [true, false],
  );
});

const line = {sku: 'sku-1', count: 1, price: 1.5, title: 'A title of some length'};
for (const [kind, value, isRead] of [
  ['objects', Array.from({length: 5}, () => line), true],
  ['short numbers', Array.from({length: 100}, (_, index) => index), true],
  ['numbers with more digits than are exact', Array.from({length: 20}, () => Math.PI), false],
  ['strings', Array.from({length: 15}, () => line.title), false],
  ['one string', {title: line.title}, true],
] as const) {
  test(`documents of ${kind} are ${isRead ? 'read for ever' : 'soon left to the engine, which is faster'}`, () => {
    const reader = new JsonReader();
    const json = Buffer.from(jsonbText(value));
    const answers = Array.from({length: 300}, () => check(reader, json));
    assert.equal(answers[0], true);
    assert.equal(answers[299], isRead);
  });
}

test('keys that every object inherits are own properties, before and after they are compiled', () => {
  const reader = new JsonReader();
  for (let id = 0; id < 300; id++) {
    for (const key of ['constructor', 'toString', '__proto__', 'own']) {
      const value = read(reader, `{"id": ${id}, "${key}": {"x": ${id}}}`);
      assert.ok(Object.hasOwn(Object(value), key), key);
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
    }
  }
});

test('a document that is nested deeper than the stack is not read', () => {
  const nested = `${'['.repeat(400)}${']'.repeat(400)}`;
  assert.equal(read(new JsonReader(), nested), undefined);
});
