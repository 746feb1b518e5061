import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Statement} from '../../connection';
import {ValueError} from '../../errors';
import {TypeRegistry} from '../../types';
import {encodeValues, needsDescription} from './encode-values';

const registry = new TypeRegistry();

test('a statement of a longer text takes its own values', () => {
  const statement = new Statement('select $1, $2');
  assert.deepEqual(encodeValues(['a', 'b', 'c'], [2, 0], statement, registry), ['c', 'a']);
  assert.deepEqual(encodeValues(['a', 'b'], undefined, statement, registry), ['a', 'b']);
  assert.deepEqual(encodeValues(['a'], [], statement, registry), []);
});

test('65,535 parameters can be sent, one more cannot', () => {
  const statement = new Statement('select');
  const values = Array<string>(65_535).fill('x');
  assert.equal(encodeValues(values, undefined, statement, registry).length, 65_535);
  assert.throws(
    () => encodeValues([...values, 'x'], undefined, statement, registry),
    (error) => error instanceof ValueError && /65536 parameters/.test(error.message),
  );
});

test('an error names the position in the statement', () => {
  assert.throws(
    () => encodeValues(['a', undefined], undefined, new Statement('select'), registry),
    (error) => error instanceof ValueError && /\$2|2/.test(error.message),
  );
});

test('only arrays among the own values of a statement not yet described need its description', () => {
  const statement = new Statement('select $1');
  assert.equal(needsDescription(['a', 1, null], undefined, statement, registry), false);
  assert.equal(needsDescription(['a', [1]], undefined, statement, registry), true);
  assert.equal(needsDescription(['a', [1]], [0], statement, registry), false);
  assert.equal(needsDescription(['a', [1]], [1], statement, registry), true);
  statement.parameterTypes = [1007];
  assert.equal(needsDescription([[1]], undefined, statement, registry), false);
});

test('an array is written as what the server says the parameter is', () => {
  const statement = new Statement('select $1');
  statement.parameterTypes = [1007];
  assert.deepEqual(encodeValues([[1, 2]], undefined, statement, registry), ['{1,2}']);
  statement.parameterTypes = [3802];
  assert.deepEqual(encodeValues([[1, 2]], undefined, statement, registry), ['[1,2]']);
});
