import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ProtocolError} from '../../errors';
import {ByteReader, ByteWriter} from '../../protocol';
import type {Column} from '../../protocol';
import {writeRowDescription} from '../../protocol/testing';
import {TypeRegistry} from '../../types';
import {readResultShape} from './describe-result';
import type {ResultShape} from './result-shape';
import {INT4, TEXT, column} from './column.test.support';
import {Statement} from './statement';

const HEADER_BYTES = 5;

function described(columns: readonly Column[]): Buffer {
  const writer = new ByteWriter();
  writeRowDescription(writer, columns);
  return Buffer.from(writer.take());
}

function read(
  bytes: Buffer,
  registry: TypeRegistry,
  statement = new Statement('select'),
): ResultShape {
  const body = new ByteReader().reset(bytes, HEADER_BYTES, bytes.length);
  const shape = readResultShape(statement, body, registry);
  body.expectEnd('RowDescription');
  assert.equal(statement.shape, shape);
  return shape;
}

test('statements of one pool whose results are described alike share their shape', () => {
  const registry = new TypeRegistry();
  const shape = read(described([column('a'), column('b', TEXT)]), registry);
  assert.deepEqual(shape.columns, [column('a'), column('b', TEXT)]);
  assert.equal(read(described([column('a'), column('b', TEXT)]), registry), shape);
  assert.notEqual(read(described([column('a'), column('b', TEXT)]), new TypeRegistry()), shape);
});

test('whatever differs in the description makes another shape', () => {
  const registry = new TypeRegistry();
  const shape = read(described([column('a')]), registry);
  for (const other of [
    [],
    [column('b')],
    [column('é')],
    [column('a', TEXT)],
    [column('a'), column('a')],
    [{...column('a'), tableOid: 1}],
    [{...column('a'), typeModifier: 4}],
  ]) {
    const its = read(described(other), registry);
    assert.notEqual(its, shape);
    assert.deepEqual(its.columns, other);
  }
});

test('a shape is built anew once the types are read otherwise', () => {
  const registry = new TypeRegistry();
  const bytes = described([column('a')]);
  const before = read(bytes, registry);
  registry.setTypeParser(INT4, (value) => `parsed ${value}`);
  const after = read(bytes, registry);
  const row = Buffer.from([0, 1, 0, 0, 0, 1, 0x34]);
  assert.notEqual(after, before);
  assert.deepEqual(after.text.decode(row, 0, row.length), {a: 'parsed 4'});
  assert.equal(read(bytes, registry), after);
});

test('a description that is too long to be kept is shared by the uses of its statement', () => {
  const registry = new TypeRegistry();
  const statement = new Statement('select');
  const bytes = described(Array.from({length: 300}, (_, index) => column(`column ${index}`)));
  const shape = read(bytes, registry, statement);
  assert.equal(shape.columns.length, 300);
  assert.equal(read(bytes, registry, statement), shape);
  assert.notEqual(read(bytes, registry), shape);
});

test('many different descriptions are each read right', () => {
  const registry = new TypeRegistry();
  for (let index = 0; index < 2500; index++) {
    assert.deepEqual(read(described([column(`a${index}`)]), registry).columns, [
      column(`a${index}`),
    ]);
  }
});

test('a malformed description is an error each time it comes', () => {
  const registry = new TypeRegistry();
  const bytes = described([column('a')]).subarray(0, -1);
  for (let time = 0; time < 2; time++) assert.throws(() => read(bytes, registry), ProtocolError);
});
