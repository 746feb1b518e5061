import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {usedStatement} from '../session/session.test.support';
import {PreparedStatements} from './prepared-statements';
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

test('whatever is done in between, it is the least recently used statement that goes', () => {
  const step = fc.record({
    action: fc.constantFrom('use', 'use', 'use', 'forget', 'discard'),
    index: fc.nat(7),
  });
  fc.assert(
    fc.property(fc.array(step, {maxLength: 60}), fc.integer({min: 1, max: 5}), (steps, limit) => {
      const statements = new PreparedStatements(limit);
      const all = Array.from({length: 8}, (_, index) => usedStatement(String(index)));
      // Least recently used first.
      let kept: Statement[] = [];
      for (const {action, index} of steps) {
        const statement = all[index];
        if (statement === undefined) continue;
        const prepared = statements.find(statement);
        assert.equal(prepared !== undefined, kept.includes(statement));
        kept = kept.filter((other) => other !== statement);
        if (action === 'use') {
          if (prepared === undefined) statements.add(statement);
          kept = [...kept, statement].slice(-limit);
        } else if (prepared !== undefined) {
          statements[action](prepared);
        }
        assert.equal(statements.size, kept.length);
      }
    }),
  );
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
