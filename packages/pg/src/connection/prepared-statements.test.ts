import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PreparedStatements} from './prepared-statements';
import {usedStatement} from './session.test.support';
import {Statement} from './statement';

test('a statement is named from its second use on', () => {
  const statements = new PreparedStatements(10);
  const statement = new Statement('select 1');
  assert.equal(statements.add(statement).name, '');
  assert.equal(statements.find(statement), undefined);
  statement.uses++;
  const prepared = statements.add(statement);
  assert.equal(prepared.name, statement.name);
  assert.equal(statements.find(statement), prepared);
});

test('with a limit of 0 every statement is unnamed and nothing is kept', () => {
  const statements = new PreparedStatements(0);
  assert.equal(statements.add(usedStatement('select 1')).name, '');
  assert.equal(statements.size, 0);
  assert.deepEqual(statements.takeToClose(), []);
});

test('over the limit the least recently used statement goes, and its name is given out once to be closed', () => {
  const statements = new PreparedStatements(2);
  const [a, b, c] = [usedStatement('a'), usedStatement('b'), usedStatement('c')];
  statements.add(a);
  statements.add(b);
  statements.find(a);
  statements.add(c);
  assert.equal(statements.size, 2);
  assert.equal(statements.find(b), undefined);
  assert.deepEqual(statements.takeToClose(), [b.name]);
  assert.deepEqual(statements.takeToClose(), []);
});

test('a statement whose old name still waits to be closed gets another one', () => {
  const statements = new PreparedStatements(1);
  const [a, b] = [usedStatement('a'), usedStatement('b')];
  statements.add(a);
  statements.add(b);
  const again = statements.add(a);
  assert.notEqual(again.name, a.name);
  assert.deepEqual(statements.takeToClose(), [a.name, b.name]);
});

test('forgetting closes nothing, discarding does', () => {
  const statements = new PreparedStatements(10);
  const [a, b] = [usedStatement('a'), usedStatement('b')];
  statements.forget(statements.add(a));
  statements.discard(statements.add(b));
  assert.equal(statements.size, 0);
  assert.deepEqual(statements.takeToClose(), [b.name]);
});

test('what was forgotten before does not take away the one that was prepared since', () => {
  const statements = new PreparedStatements(10);
  const statement = usedStatement('a');
  const old = statements.add(statement);
  statements.forget(old);
  const current = statements.add(statement);
  statements.discard(old);
  statements.forget(old);
  assert.equal(statements.find(statement), current);
  assert.deepEqual(statements.takeToClose(), []);
});

test('clearing forgets all of them, those to be closed as well', () => {
  const statements = new PreparedStatements(1);
  statements.add(usedStatement('a'));
  statements.add(usedStatement('b'));
  statements.clear();
  assert.equal(statements.size, 0);
  assert.deepEqual(statements.takeToClose(), []);
});
