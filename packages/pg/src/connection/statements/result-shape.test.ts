import assert from 'node:assert/strict';
import {test} from 'node:test';
import {TypeRegistry} from '../../types';
import {describeResult} from './describe-result';
import {ResultShape} from './result-shape';
import {INT4, TEXT, column} from './column.test.support';
import {Statement} from './statement';

const UNKNOWN = 99_999;

test('a column is asked for as binary where that is read, and as text otherwise', () => {
  const registry = new TypeRegistry();
  const shape = new ResultShape([column('a', INT4), column('b', UNKNOWN)], registry);
  assert.deepEqual(shape.formats, [1, 0]);
  assert.deepEqual(shape.unknownTypes, [UNKNOWN]);
});

test('where nothing is asked for as binary the formats are left out', () => {
  assert.deepEqual(new ResultShape([column('b', UNKNOWN)], new TypeRegistry()).formats, []);
  assert.deepEqual(new ResultShape([], new TypeRegistry()).formats, []);
});

test('both ways of reading give the same value', () => {
  const shape = new ResultShape([column('a', INT4)], new TypeRegistry());
  const asText = Buffer.from([0, 1, 0, 0, 0, 2, 0x34, 0x32]);
  const asBinary = Buffer.from([0, 1, 0, 0, 0, 4, 0, 0, 0, 42]);
  assert.deepEqual(shape.text.decode(asText, 0, asText.length), {a: 42});
  assert.deepEqual(shape.mixed.decode(asBinary, 0, asBinary.length), {a: 42});
});

test('connections share the shape of a statement until its columns or the parsers of types change', () => {
  const registry = new TypeRegistry();
  const statement = new Statement('select a, b');
  const columns = [column('a', INT4), column('b', TEXT)];
  const shape = describeResult(statement, columns, registry);
  assert.equal(
    describeResult(
      statement,
      columns.map((each) => ({...each})),
      registry,
    ),
    shape,
  );
  for (const other of [
    [column('a', INT4)],
    [column('a', INT4), column('c', TEXT)],
    [column('a', INT4), column('b', INT4)],
  ]) {
    assert.notEqual(describeResult(statement, other, registry), shape);
  }
  const current = describeResult(statement, columns, registry);
  registry.setTypeParser(INT4, (value) => `parsed ${value}`);
  assert.equal(current.isCurrent(registry), false);
  const renewed = describeResult(statement, columns, registry);
  const asText = Buffer.from([0, 2, 0, 0, 0, 1, 0x34, 0xff, 0xff, 0xff, 0xff]);
  assert.deepEqual(renewed.text.decode(asText, 0, asText.length), {a: 'parsed 4', b: null});
});
