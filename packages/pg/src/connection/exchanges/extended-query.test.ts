import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DatabaseError, ValueError} from '../../errors';
import {writeCommandComplete, writeDataRow, writeRowDescription} from '../../protocol/testing';
import {
  SessionUnderTest,
  SessionWithBackend,
  TestQuery,
  describeMessage,
  queryOf,
  registry,
  usedStatement,
} from '../session/session.test.support';
import {Statement} from '../statements/statement';
import {
  script,
  parseComplete,
  bindComplete,
  closeComplete,
  noParameters,
  noData,
  row,
  complete,
  ready,
  fails,
  described,
  oneRow,
} from './answers.test.support';
import {Step} from './step';

test('a text is sent unnamed once, and prepared by name from its second use on', () => {
  const under = new SessionWithBackend(script);
  const statement = new Statement('echo $1');
  const sent: string[][] = [];
  for (const value of ['a', 'b', 'c']) {
    const query = queryOf(statement, [value]);
    under.session.send(query);
    under.exchangeBytes();
    sent.push(under.takeReceived());
    assert.deepEqual(query.rows, [[{value}]]);
    assert.equal(query.status, 'idle');
  }
  const {name} = statement;
  assert.deepEqual(sent, [
    ['Parse unnamed', 'Describe unnamed', 'Bind unnamed', 'Execute', 'Sync'],
    [`Parse ${name}`, `Describe ${name}`, `Bind ${name}`, 'Execute', 'Sync'],
    [`Bind ${name}`, 'Execute', 'Sync'],
  ]);
  assert.deepEqual(statement.parameterTypes, [25]);
});

test('queries that are sent behind one another before any answer share one Parse', () => {
  const under = new SessionWithBackend(script);
  const statement = usedStatement('echo $1');
  const queries = ['a', 'b', null].map((value) => queryOf(statement, [value]));
  for (const query of queries) under.session.send(query);
  under.exchangeBytes();
  assert.deepEqual(
    queries.map((query) => query.rows),
    [[[{value: 'a'}]], [[{value: 'b'}]], [[{value: null}]]],
  );
  assert.equal(under.takeReceived().filter((message) => message.startsWith('Parse')).length, 1);
});

test('the steps of one exchange give their rows and command tags each', () => {
  const under = new SessionWithBackend(script);
  const texts = ['BEGIN', 'select 1', 'nothing', 'COMMIT'].map((text) => new Statement(text));
  const query = queryOf(texts);
  under.session.send(query);
  under.exchangeBytes();
  assert.deepEqual(query.rows, [[], [{text: 'select 1'}], [], []]);
  assert.deepEqual(
    query.steps.map((step) => step.commandTag),
    ['BEGIN', 'SELECT 1', 'UPDATE 3', 'COMMIT'],
  );
  assert.equal(query.status, 'idle');
});

test('an error in the middle is that of its step; later steps have not run, and are parsed anew later', () => {
  const under = new SessionWithBackend(script);
  const [begin, failing, behind] = ['BEGIN', 'fail', 'select 2'].map((text) => usedStatement(text));
  assert.ok(begin && failing && behind);
  const query = queryOf([begin, failing, behind]);
  under.session.send(query);
  under.exchangeBytes();
  assert.equal(query.at, 1);
  assert.equal(query.error?.code, '22012');
  assert.deepEqual(query.rows, [[], [], []]);
  assert.equal(query.status, 'failed');
  const rollback = queryOf(new Statement('ROLLBACK'));
  const again = queryOf(behind);
  under.session.send(rollback);
  under.session.send(again);
  under.exchangeBytes();
  assert.equal(again.error, undefined);
  assert.deepEqual(again.rows, [[{text: 'select 2'}]]);
});

test('the error names the lines of the statement that failed', () => {
  const query = queryOf([new Statement('select 1'), new Statement('select\n  nosuch')]);
  query.at = 1;
  const error = query.databaseError({code: '42703', message: 'no such column', position: '10'});
  assert.ok(error instanceof DatabaseError);
  assert.match(error.message, /nosuch/);
});

test('a statement whose Parse failed is not taken for prepared', () => {
  const under = new SessionUnderTest();
  const statement = usedStatement('syntax error');
  under.session.send(queryOf(statement));
  under.answer(fails('42601'), ready);
  assert.equal(under.statements.size, 0);
});

test('a statement that was parsed and not described is closed and parsed again', () => {
  const under = new SessionUnderTest();
  const statement = usedStatement('select 1');
  under.session.send(queryOf(statement));
  under.answer(parseComplete, fails('57014'), ready);
  under.takeWritten();
  const query = queryOf(statement);
  under.session.send(query);
  assert.deepEqual(under.takeWritten().map(describeMessage), [
    `Close ${statement.name}`,
    `Parse ${statement.name}`,
    `Describe ${statement.name}`,
    `Bind ${statement.name}`,
    'Execute',
    'Sync',
  ]);
  under.answer(closeComplete, ...described, ...oneRow);
  assert.deepEqual(query.rows, [[{a: '1'}]]);
});

test('a statement that has to give way is closed with the next exchange', () => {
  const under = new SessionWithBackend(script, 2);
  const [a, b, c] = ['select a', 'select b', 'select c'].map((text) => usedStatement(text));
  assert.ok(a && b && c);
  for (const statement of [b, a, a, c, c, c, a]) {
    under.session.send(queryOf(statement));
    under.exchangeBytes();
  }
  const closed = under.takeReceived().filter((message) => message.startsWith('Close'));
  assert.deepEqual(closed, [`Close ${b.name}`]);
});

test('a statement that is pushed out and needed again within one exchange does not collide with itself', () => {
  const under = new SessionWithBackend(script, 1, true);
  const [a, b] = [usedStatement('select a'), usedStatement('select b')];
  under.session.send(queryOf(a));
  const query = queryOf([b, a]);
  under.session.send(query);
  under.exchangeBytes();
  assert.equal(query.error, undefined);
  assert.deepEqual(query.rows, [[{text: 'select b'}], [{text: 'select a'}]]);
});

test('a step that only asks for the description runs nothing, and asks once', () => {
  const under = new SessionWithBackend(script);
  const statement = usedStatement('echo $1');
  for (const expected of [
    [`Parse ${statement.name}`, `Describe ${statement.name}`, 'Sync'],
    ['Sync'],
  ]) {
    const query = new TestQuery([new Step(statement, [], false)], registry);
    under.session.send(query);
    under.exchangeBytes();
    assert.deepEqual(under.takeReceived(), expected);
    assert.equal(query.settled, 'ended');
    assert.deepEqual(statement.parameterTypes, [25]);
    assert.equal(query.steps[0]?.prepared?.shape?.columns[0]?.name, 'value');
  }
});

test('parameters that cannot be written leave no byte, and the statement works the next time', () => {
  const under = new SessionWithBackend(script);
  const statement = usedStatement('echo $1');
  const broken = queryOf(statement, ['lone \ud800 surrogate']);
  assert.equal(under.session.send(broken), false);
  assert.ok(broken.lostFor instanceof ValueError);
  assert.equal(under.writer.pendingBytes, 0);
  const fine = queryOf(statement, ['x']);
  under.session.send(fine);
  under.exchangeBytes();
  assert.deepEqual(fine.rows, [[{value: 'x'}]]);
  const {name} = statement;
  assert.deepEqual(under.takeReceived(), [
    `Parse ${name}`,
    `Describe ${name}`,
    `Bind ${name}`,
    'Execute',
    'Sync',
  ]);
});

test('names that were to be closed are closed later when the exchange could not be written', () => {
  const under = new SessionWithBackend(script, 1, true);
  const [a, b] = [usedStatement('select a'), usedStatement('echo $1')];
  under.session.send(queryOf(a));
  under.session.send(queryOf(b, ['x']));
  under.session.send(queryOf(b, ['\ud800']));
  under.session.send(queryOf(b, ['y']));
  under.exchangeBytes();
  assert.ok(under.takeReceived().includes(`Close ${a.name}`));
});

test('a row with another number of columns than announced ends the session', () => {
  const under = new SessionUnderTest();
  under.session.send(queryOf(new Statement('select 1')));
  assert.throws(
    () => under.answer(...described, bindComplete, (w) => writeDataRow(w, ['1', '2'])),
    /DataRow has 2 columns, RowDescription announced 1/,
  );
});

test('rows of a statement that has none, or before they are described, end the session', () => {
  const without = new SessionUnderTest();
  without.session.send(queryOf(new Statement('nothing')));
  assert.throws(
    () => without.answer(parseComplete, noParameters, noData, bindComplete, row),
    /without rows/,
  );
  const early = new SessionUnderTest();
  early.session.send(queryOf(new Statement('select 1')));
  assert.throws(() => early.answer(parseComplete, noParameters, row), /not legal while/);
});

test('a value that cannot be read is the error of its query alone, which reads on to its end', () => {
  const under = new SessionUnderTest();
  const statement = new Statement('select a');
  const query = queryOf(statement);
  const behind = queryOf(new Statement('select b'));
  under.session.send(query);
  under.session.send(behind);
  under.answer(
    parseComplete,
    noParameters,
    (w) =>
      writeRowDescription(w, [
        {
          name: 'a',
          tableOid: 0,
          columnNumber: 0,
          typeOid: 16,
          typeSize: 1,
          typeModifier: -1,
          format: 0,
        },
      ]),
    bindComplete,
    (w) => writeDataRow(w, ['t']),
    (w) => writeDataRow(w, ['maybe']),
    (w) => writeDataRow(w, ['t']),
    complete,
    ready,
    ...described,
    ...oneRow,
  );
  const unreadable = query.steps[0]?.unreadable;
  assert.ok(unreadable instanceof ValueError);
  assert.match(unreadable.message, /^column "a" of type bool/);
  assert.equal(unreadable.sent, 'maybe', 'the statement did take effect');
  assert.deepEqual(query.rows, [[]]);
  assert.deepEqual(behind.rows, [[{a: '1'}]]);
});

test('commands that leave something in the session are noticed by their tag', () => {
  const under = new SessionUnderTest();
  const run = (text: string, tag: string) => {
    const statement = new Statement(text);
    under.session.send(queryOf(statement));
    under.answer(parseComplete, noParameters, noData, bindComplete);
    under.answer((w) => writeCommandComplete(w, tag), ready);
    return statement;
  };
  run('UPDATE t', 'UPDATE 3');
  run('SET LOCAL x = 1', 'SET');
  assert.equal(under.session.touched, false);
  assert.equal(run('SET x = 1', 'SET').alone, true);
  assert.equal(under.session.touched, true);
});
