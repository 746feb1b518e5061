import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {heapGrowthBytes} from '../memory/heap-growth.test.support';
import {usedStatement} from '../session/session.test.support';
import {PreparedStatements} from './prepared-statements';
import {Statement} from './statement';

/** Uses the statements as an exchange does. Gives the name of the last. */
function use(statements: PreparedStatements, ...used: readonly Statement[]): string {
  let name = '';
  for (const statement of used) {
    name = (statements.find(statement) ?? statements.add(statement)).name;
  }
  return name;
}

test('a statement is named from its second use on', () => {
  const statements = new PreparedStatements(10);
  const statement = new Statement('select 1');
  assert.equal(statements.add(statement).name, '');
  assert.equal(statements.find(statement), undefined);
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

test('over the limit what came back sooner takes the place of what was not used for longer, whose name is given out once to be closed', () => {
  const statements = new PreparedStatements(2);
  const [a, b, c] = [usedStatement('a'), usedStatement('b'), new Statement('c')];
  use(statements, a, b, b, b);
  assert.equal(use(statements, c), '');
  assert.equal(use(statements, c), c.name);
  assert.equal(statements.size, 2);
  assert.equal(statements.find(a), undefined);
  assert.notEqual(statements.find(b), undefined);
  assert.deepEqual(statements.takeToClose(), [a.name]);
  assert.deepEqual(statements.takeToClose(), []);
});

const LIMITS = [1, 2, 16, 512, 20_000];
const statementsOf = (name: string, count: number) =>
  Array.from({length: count}, (_, index) => new Statement(`${name}${index}`));

for (const limit of LIMITS) {
  test(`of ${limit}, as many in turn are all kept`, () => {
    const statements = new PreparedStatements(limit);
    const all = statementsOf('', limit);
    for (let round = 0; round < 3; round++) use(statements, ...all);
    for (const statement of all) assert.equal(use(statements, statement), statement.name);
    assert.equal(statements.size, limit);
    assert.deepEqual(statements.takeToClose(), []);
  });

  test(`of more in turn than ${limit}, the same part stays, and nothing is closed`, () => {
    const statements = new PreparedStatements(limit);
    const all = statementsOf('', limit * 2 + 1);
    for (let round = 0; round < 3; round++) use(statements, ...all);
    const kept = new Set(all.slice(0, limit));
    for (let round = 0; round < 3; round++) {
      for (const statement of all) {
        assert.equal(use(statements, statement), kept.has(statement) ? statement.name : '');
      }
    }
    assert.deepEqual(statements.takeToClose(), []);
  });

  test(`of ${limit}, those of a program that turns to other statements are named before long`, () => {
    const statements = new PreparedStatements(limit);
    const [before, after] = [statementsOf('before', limit), statementsOf('after', limit)];
    for (let round = 0; round < 10; round++) use(statements, ...before);
    for (let round = 0; round < 6; round++) use(statements, ...after);
    for (const statement of after) assert.equal(use(statements, statement), statement.name);
    assert.equal(statements.takeToClose().length, limit);
  });

  test(`of ${limit}, one more makes room for itself where every statement is to be named`, () => {
    const statements = new PreparedStatements(limit, true);
    const all = statementsOf('', limit);
    use(statements, ...all);
    const another = new Statement('another');
    assert.equal(use(statements, another), another.name);
    assert.equal(statements.size, limit);
    assert.equal(statements.takeToClose().length, 1);
    assert.equal(
      all.filter((statement) => statements.find(statement) !== undefined).length,
      limit - 1,
    );
  });
}

test('that holds for sessions that share the statements, whichever of them runs which', () => {
  const sessions = Array.from({length: 3}, () => new PreparedStatements(4));
  const all = Array.from({length: 10}, (_, index) => new Statement(String(index)));
  for (let round = 0; round < 30; round++) {
    for (const [index, statement] of all.entries()) {
      for (const [at, session] of sessions.entries()) {
        if ((index + round) % sessions.length === at) use(session, statement);
      }
    }
  }
  for (const session of sessions) {
    assert.equal(session.size, 4);
    assert.deepEqual(session.takeToClose(), []);
  }
});

test('what the session has used of late stays, because it may be about to be bound', () => {
  for (const alwaysNamed of [false, true]) {
    const limit = 5;
    const statements = new PreparedStatements(limit, alwaysNamed);
    const elsewhere = new PreparedStatements(limit);
    const streamed = usedStatement('streamed');
    for (let index = 0; index < 20; index++) {
      assert.notEqual(use(statements, streamed), '');
      for (let other = 1; other < limit; other++) {
        // Time passes, and what comes now is in use all the time.
        for (let time = 0; time < 100; time++) use(elsewhere, new Statement('one of many'));
        const between = new Statement(`${index} ${other}`);
        use(elsewhere, between);
        use(statements, between);
      }
      assert.notEqual(statements.find(streamed), undefined);
    }
  }
});

test('where every statement is to be named, each is from its first use on, within the limit', () => {
  const statements = new PreparedStatements(3, true);
  for (let index = 0; index < 20; index++) {
    const statement = new Statement(String(index));
    assert.equal(use(statements, statement), statement.name);
    assert.ok(statements.size <= 3);
  }
  assert.equal(statements.takeToClose().length, 17);
});

test('where every statement is to be named, one that others wait longer than stays', () => {
  const statements = new PreparedStatements(8, true);
  const favourite = new Statement('favourite');
  for (let index = 0; index < 100; index++) {
    use(statements, favourite, new Statement(String(index)));
    assert.notEqual(statements.find(favourite), undefined);
  }
});

test('where every statement is to be named, those in use outlast a scan better than if the least recently used went', () => {
  const [limit, inUse, steps] = [128, 80, 20_000];
  const statements = new PreparedStatements(limit, true);
  const all = statementsOf('', inUse);
  const recent = new Set<Statement>();
  let [found, foundRecent, random] = [0, 0, 1];
  for (let step = 0; step < steps; step++) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    const statement =
      (step % 2 === 0 ? all[Math.floor((random / 2_147_483_648) * inUse)] : undefined) ??
      new Statement('one of the scan');
    if (statements.find(statement) === undefined) statements.add(statement);
    else found++;
    if (recent.delete(statement)) foundRecent++;
    recent.add(statement);
    const [oldest] = recent;
    if (recent.size > limit && oldest !== undefined) recent.delete(oldest);
    statements.takeToClose();
  }
  assert.ok(found > 1.12 * foundRecent, `${found}, ${foundRecent}`);
});

test('whatever is done, no more are kept than may be, and what is dropped is closed unless the server does not have it', () => {
  const step = fc.record({
    action: fc.constantFrom('use', 'use', 'use', 'use', 'forget', 'discard'),
    index: fc.nat(7),
  });
  fc.assert(
    fc.property(
      fc.array(step, {maxLength: 200}),
      fc.integer({min: 1, max: 5}),
      fc.boolean(),
      (steps, limit, alwaysNamed) => {
        const statements = new PreparedStatements(limit, alwaysNamed);
        const all = Array.from({length: 8}, (_, index) => new Statement(String(index)));
        const onServer = new Set<string>();
        for (const {action, index} of steps) {
          const statement = all[index];
          if (statement === undefined) continue;
          const found = statements.find(statement);
          assert.equal(found !== undefined && !onServer.has(found.name), false);
          if (action === 'use') {
            const {name} = found ?? statements.add(statement);
            if (alwaysNamed) assert.notEqual(name, '');
            if (found === undefined && name !== '') {
              assert.ok(!onServer.has(name), `${name} is parsed a second time`);
              onServer.add(name);
            }
          } else if (found !== undefined) {
            statements[action](found);
            if (action === 'forget') onServer.delete(found.name);
          }
          assert.ok(statements.size <= limit);
          if (found !== undefined) assert.equal(statements.has(found), action === 'use');
          // What is to be closed is closed before the next Parse of the session.
          if (index % 2 === 0)
            for (const name of statements.takeToClose()) assert.ok(onServer.delete(name));
        }
        for (const name of statements.takeToClose()) assert.ok(onServer.delete(name));
        assert.equal(statements.size, onServer.size);
      },
    ),
  );
});

test('a statement whose old name still waits to be closed gets another one', () => {
  const statements = new PreparedStatements(1, true);
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
  const statements = new PreparedStatements(1, true);
  statements.add(usedStatement('a'));
  statements.add(usedStatement('b'));
  statements.clear();
  assert.equal(statements.size, 0);
  assert.deepEqual(statements.takeToClose(), []);
  // What was looked at before has gone; there is room, and then something to look at again.
  for (const text of 'cde') assert.notEqual(use(statements, usedStatement(text)), '');
});

test('a session that is cleared for ever takes no memory for it', () => {
  const statements = new PreparedStatements(100);
  const all = Array.from({length: 50}, (_, index) => usedStatement(String(index)));
  const growth = heapGrowthBytes(() => {
    for (let time = 0; time < 500; time++) {
      use(statements, ...all);
      statements.clear();
    }
  });
  assert.ok(growth < 500_000, `${growth} bytes`);
});

test('statements that are used once, of which there is no end, take no memory', () => {
  for (const alwaysNamed of [false, true]) {
    const statements = new PreparedStatements(16, alwaysNamed);
    const growth = heapGrowthBytes(() => {
      for (let time = 0; time < 100_000; time++) {
        use(statements, new Statement('one of many'));
        statements.takeToClose();
      }
    });
    assert.ok(growth < 500_000, `${growth} bytes`);
  }
});
