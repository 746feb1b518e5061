import assert from 'node:assert/strict';
import {test} from 'node:test';
import {writeCommandComplete, writeReadyForQuery} from '../../protocol/testing';
import {
  SessionUnderTest,
  SessionWithBackend,
  describeMessage,
  queryOf,
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
  ready,
  fails,
  described,
  oneRow,
} from './answers.test.support';

/** A session on which `statement` is prepared by name. */
function preparedWith(statement: Statement): SessionUnderTest {
  const under = new SessionUnderTest();
  under.session.send(queryOf(statement));
  under.answer(...described, ...oneRow);
  under.takeWritten();
  return under;
}

for (const [what, error] of [
  ['is gone', fails('26000')],
  ['was planned for another table', fails('0A000', {routine: 'RevalidateCachedQuery'})],
] as const) {
  test(`a prepared statement that ${what} is closed, parsed again and run once more`, () => {
    const statement = usedStatement('select a from t');
    const under = preparedWith(statement);
    const query = queryOf(statement);
    under.session.send(query);
    assert.deepEqual(under.takeWritten().map(describeMessage), [
      `Bind ${statement.name}`,
      'Execute',
      'Sync',
    ]);
    under.answer(error, ready);
    assert.equal(query.settled, 'no');
    assert.deepEqual(under.takeWritten().map(describeMessage).slice(0, 2), [
      `Close ${statement.name}`,
      `Parse ${statement.name}`,
    ]);
    under.answer(closeComplete, ...described, ...oneRow);
    assert.equal(query.settled, 'ended');
    assert.equal(query.error, undefined);
    assert.deepEqual(query.rows, [[{a: '1'}]]);
  });

  test(`it is run once more only: a prepared statement that ${what} twice is an error`, () => {
    const statement = usedStatement('select a from t');
    const under = preparedWith(statement);
    const query = queryOf(statement);
    under.session.send(query);
    under.answer(error, ready);
    under.answer(closeComplete, ...described, error, ready);
    assert.equal(query.settled, 'ended');
    assert.notEqual(query.error, undefined);
  });

  test(`in a transaction a statement that ${what} fails, and is parsed again the next time`, () => {
    const statement = usedStatement('select a from t');
    const under = preparedWith(statement);
    const query = queryOf(statement);
    under.session.send(query);
    under.answer(error, (w) => writeReadyForQuery(w, 'E'));
    assert.equal(query.settled, 'ended');
    under.takeWritten();
    under.session.send(queryOf(statement));
    assert.ok(under.takeWritten().map(describeMessage).includes(`Parse ${statement.name}`));
  });

  test(`behind BEGIN, too, a statement that ${what} is parsed again the next time`, () => {
    const statement = usedStatement('select a from t');
    const under = preparedWith(statement);
    const query = queryOf([new Statement('BEGIN'), statement]);
    under.session.send(query);
    under.answer(parseComplete, noParameters, noData, bindComplete, (w) =>
      writeCommandComplete(w, 'BEGIN'),
    );
    under.answer(error, (w) => writeReadyForQuery(w, 'E'));
    assert.equal(query.settled, 'ended');
    under.takeWritten();
    under.session.send(queryOf(statement));
    assert.ok(under.takeWritten().map(describeMessage).includes(`Parse ${statement.name}`));
  });
}

test('an error that looks stale but came after Bind is not a reason to run again: work may be committed', () => {
  const statement = usedStatement('call p()');
  const under = preparedWith(statement);
  const query = queryOf(statement);
  under.session.send(query);
  under.answer(bindComplete, fails('26000'), ready);
  assert.equal(query.settled, 'ended');
  assert.equal(query.error?.code, '26000');
});

for (const [text, reached, outcome] of [
  ['insert into t values (1)', 'bound', 'run again'],
  ['/* of all */ (select a from t)', 'bound', 'run again'],
  ['call p()', 'waiting', 'run again'],
  ['call p()', 'bound', 'an error'],
  ['do $$ begin commit; end $$', 'bound', 'an error'],
  ['vacuum', 'bound', 'an error'],
  ['/* insert */ call p()', 'bound', 'an error'],
  ['/* /* */ select */ call p()', 'bound', 'an error'],
] as const) {
  test(`a cancel request that hit the wrong query: "${text}", ${reached}, is ${outcome}`, () => {
    const under = new SessionUnderTest();
    const query = queryOf(new Statement(text));
    under.session.cancelling = true;
    under.session.send(query);
    under.takeWritten();
    const hit = fails('57014');
    const parsed = [parseComplete, noParameters, noData];
    const bound = reached === 'bound' ? [bindComplete] : [];
    under.answer(...parsed, ...bound, hit, ready);
    assert.equal(query.settled, outcome === 'run again' ? 'no' : 'ended');
    const again = under.takeWritten().map(describeMessage);
    assert.equal(again.includes('Execute'), outcome === 'run again');
    if (outcome === 'an error') return;
    // Once more, and no more than once.
    under.answer(...(again[0]?.startsWith('Parse') === true ? parsed : []), ...bound, hit, ready);
    assert.equal(query.settled, 'ended');
    assert.equal(query.error?.code, '57014');
  });
}

test('a query that was cancelled itself, or by somebody else, is not run again', () => {
  for (const kind of ['own', 'foreign']) {
    const under = new SessionWithBackend(script);
    const query = queryOf(new Statement('cancelled'));
    under.session.cancelling = kind === 'own';
    query.cancelled = kind === 'own';
    under.session.send(query);
    under.exchangeBytes();
    assert.equal(query.error?.code, '57014');
    assert.equal(under.takeReceived().filter((message) => message === 'Execute').length, 1);
  }
});

test('two queries behind one stale statement both run again, with one new Parse', () => {
  const statement = usedStatement('select a from t');
  const under = preparedWith(statement);
  const queries = [queryOf(statement), queryOf(statement)];
  for (const query of queries) under.session.send(query);
  under.takeWritten();
  under.answer(fails('26000'), ready, fails('26000'), ready);
  assert.deepEqual(under.takeWritten().map(describeMessage), [
    `Close ${statement.name}`,
    `Parse ${statement.name}`,
    `Describe ${statement.name}`,
    `Bind ${statement.name}`,
    'Execute',
    'Sync',
    `Bind ${statement.name}`,
    'Execute',
    'Sync',
  ]);
  under.answer(closeComplete, ...described, ...oneRow, ...oneRow);
  assert.deepEqual(
    queries.map((query) => query.rows),
    [[[{a: '1'}]], [[{a: '1'}]]],
  );
  under.session.send(queryOf(statement));
  assert.deepEqual(under.takeWritten().map(describeMessage), [
    `Bind ${statement.name}`,
    'Execute',
    'Sync',
  ]);
});
