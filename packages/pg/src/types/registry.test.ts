import assert from 'node:assert/strict';
import {test} from 'node:test';
import {BUILTIN_TYPES} from './builtin-types.generated';
import type {CatalogueType} from './catalogue';
import {DataTypeID} from './data-type-id.generated';
import {TypeRegistry} from './registry';
import {readBinary} from './testing/read-binary';

const INT8_ARRAY = DataTypeID[`_int8`];

function parser(text: string): string {
  return `<${text}>`;
}

function row(type: Partial<CatalogueType> & {oid: number; name: string}): CatalogueType {
  return {
    schema: 'public',
    kind: 'b',
    category: 'U',
    elementOid: 0,
    delimiter: ',',
    baseOid: 0,
    ...type,
  };
}

test('every built-in type and its array can be read', () => {
  const registry = new TypeRegistry();
  for (const [oid, name, arrayOid, delimiter] of BUILTIN_TYPES) {
    assert.equal(registry.codecOf(oid)?.name, name);
    if (arrayOid === 0) continue;
    const array = registry.codecOf(arrayOid);
    assert.equal(array?.name, `_${name}`);
    assert.deepEqual(array.decodeText(`{NULL${delimiter}NULL}`), [null, null]);
  }
});

test('numeric keeps its digits, in arrays too', () => {
  const registry = new TypeRegistry();
  assert.equal(registry.codecOf(DataTypeID.numeric)?.decodeText('0.10'), '0.10');
  assert.deepEqual(registry.codecOf(1231)?.decodeText('{0.10,12345678901234567890}'), [
    '0.10',
    '12345678901234567890',
  ]);
});

test('int8 and int8[] follow bigIntMode', () => {
  const expected = {number: [1, -2], string: ['1', '-2'], bigint: [1n, -2n]} as const;
  for (const mode of ['number', 'string', 'bigint'] as const) {
    const registry = new TypeRegistry({bigIntMode: mode});
    assert.equal(registry.codecOf(DataTypeID.int8)?.decodeText('1'), expected[mode][0]);
    assert.deepEqual(registry.codecOf(INT8_ARRAY)?.decodeText('{1,-2}'), expected[mode]);
  }
  assert.equal(new TypeRegistry().codecOf(DataTypeID.int8)?.decodeText('1'), 1);
});

test('a bigIntMode that does not exist is a configuration error', () => {
  const options: object = {bigIntMode: 'BigInt'};
  assert.throws(() => new TypeRegistry(options), {
    code: 'PG_CONFIGURATION_INVALID',
    message: /"BigInt"/,
  });
});

test('a type that is not built in is unknown until it is described', () => {
  const registry = new TypeRegistry();
  assert.equal(registry.codecOf(70_001), undefined);
  assert.equal(registry.codecOf(70_002), undefined);
  registry.describe([
    row({oid: 70_001, name: 'mood', kind: 'e', category: 'E'}),
    row({oid: 70_002, name: '_mood', category: 'A', elementOid: 70_001}),
  ]);
  assert.equal(readBinary(registry.codecOf(70_001), Buffer.from('happy')), 'happy');
  assert.deepEqual(registry.codecOf(70_002)?.decodeText('{happy,NULL}'), ['happy', null]);
});

test('an array is unknown while its element is', () => {
  const registry = new TypeRegistry();
  registry.describe([row({oid: 70_002, name: '_mood', category: 'A', elementOid: 70_001})]);
  assert.equal(registry.codecOf(70_002), undefined);
});

test('a domain is read as its base type, and so are arrays of it', () => {
  const registry = new TypeRegistry({bigIntMode: 'bigint'});
  registry.describe([
    row({oid: 70_001, name: 'amount', kind: 'd', baseOid: DataTypeID.int8}),
    row({oid: 70_002, name: '_amount', category: 'A', elementOid: 70_001}),
    row({oid: 70_003, name: 'amounts', kind: 'd', baseOid: INT8_ARRAY}),
  ]);
  assert.equal(registry.codecOf(70_001)?.decodeText('1'), 1n);
  assert.deepEqual(registry.codecOf(70_002)?.decodeText('{1,2}'), [1n, 2n]);
  assert.deepEqual(registry.codecOf(70_003)?.decodeText('{1,2}'), [1n, 2n]);
});

test('a parser of the program reaches arrays and domains, and asks for text', () => {
  const registry = new TypeRegistry();
  registry.describe([row({oid: 70_001, name: 'price', kind: 'd', baseOid: DataTypeID.int4})]);
  assert.notEqual(registry.codecOf(1007)?.decodeBinary, undefined);
  assert.equal(registry.setTypeParser(DataTypeID.int4, parser), parser);
  assert.equal(registry.getTypeParser(DataTypeID.int4), parser);
  for (const oid of [DataTypeID.int4, 1007, 70_001]) {
    assert.equal(registry.codecOf(oid)?.decodeBinary, undefined);
  }
  assert.deepEqual(registry.codecOf(1007)?.decodeText('{1,{2}}'.replace('{2}', '2')), [
    '<1>',
    '<2>',
  ]);
  assert.equal(registry.codecOf(70_001)?.decodeText('1'), '<1>');
});

test('parsers can be given as a Map or an object, and for arrays and types not described', () => {
  for (const types of [new Map([[20, parser]]), {20: parser}]) {
    assert.equal(new TypeRegistry({types}).codecOf(20)?.decodeText('1'), '<1>');
  }
  const registry = new TypeRegistry({types: {1007: parser, 70_001: parser}});
  assert.equal(registry.codecOf(1007)?.decodeText('{1}'), '<{1}>');
  assert.equal(registry.codecOf(70_001)?.decodeText('x'), '<x>');
});

test('version changes with every change, and a codec given out does not', () => {
  const registry = new TypeRegistry();
  const before = registry.version;
  const codec = registry.codecOf(DataTypeID.int4);
  registry.setTypeParser(DataTypeID.int4, () => 'new');
  assert.notEqual(registry.version, before);
  assert.equal(codec?.decodeText('1'), 1);
  const between = registry.version;
  registry.describe([row({oid: 70_001, name: 'mood', kind: 'e'})]);
  assert.notEqual(registry.version, between);
});

test('a catalogue cannot change a built-in type, nor hang the client with a type of itself', () => {
  const registry = new TypeRegistry();
  registry.describe([
    row({oid: 23, name: 'int4', kind: 'e'}),
    row({oid: 70_001, name: 'loop', category: 'A', elementOid: 70_001}),
    row({oid: 70_002, name: 'a', kind: 'd', baseOid: 70_003}),
    row({oid: 70_003, name: 'b', kind: 'd', baseOid: 70_002}),
  ]);
  assert.equal(registry.codecOf(23)?.decodeText('1'), 1);
  assert.deepEqual(registry.codecOf(70_001)?.decodeText('{x}'), ['x']);
  assert.equal(registry.codecOf(70_002)?.decodeText('x'), 'x');
});

test('types whose text has elements that are no array of theirs stay text', () => {
  const registry = new TypeRegistry();
  assert.equal(registry.codecOf(DataTypeID.int2vector)?.decodeText('1 2'), '1 2');
  assert.equal(registry.codecOf(DataTypeID.box)?.decodeText('(1,1),(0,0)'), '(1,1),(0,0)');
  assert.deepEqual(registry.codecOf(1020)?.decodeText('{(1,1),(0,0);(3,3),(2,2)}'), [
    '(1,1),(0,0)',
    '(3,3),(2,2)',
  ]);
});
