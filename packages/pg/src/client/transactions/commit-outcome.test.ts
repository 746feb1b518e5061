import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Statement, Step} from '../../connection';
import {ConnectionError, DatabaseError, TransactionError, ValueError} from '../../errors';
import {commitFailure, outcomeOf} from './commit-outcome';

const lost = (sent: 'no' | 'maybe') =>
  new ConnectionError('gone', {code: 'PG_CONNECTION_LOST', sent});
const refused = new DatabaseError({message: 'no', code: '23505'});

function stepsEndingWith(commandTag: string | undefined): Step[] {
  const commit = new Step(new Statement('COMMIT'), []);
  commit.commandTag = commandTag;
  return [new Step(new Statement('BEGIN'), []), commit];
}

test('a COMMIT whose answer was lost has an unknown outcome, and says so', () => {
  const error = lost('maybe');
  const outcome = outcomeOf(error);
  assert.ok(outcome instanceof TransactionError);
  assert.equal(outcome.code, 'PG_COMMIT_OUTCOME_UNKNOWN');
  assert.equal(outcome.sent, 'maybe');
  assert.equal(outcome.cause, error);
});

test('an error after which nothing was committed stays what it is', () => {
  for (const error of [lost('no'), refused, new Error('of the program'), 'thrown']) {
    assert.equal(outcomeOf(error), error);
  }
});

test('statements sent with their COMMIT give their answer when it was one', async () => {
  assert.equal(await commitFailure('rows', stepsEndingWith('COMMIT')), 'rows');
});

test('a COMMIT answered with ROLLBACK is an error', async () => {
  await assert.rejects(commitFailure('rows', stepsEndingWith('ROLLBACK')), {
    code: 'PG_TRANSACTION_ROLLED_BACK',
  });
});

test('what fails before the COMMIT is known not to be committed', async () => {
  await assert.rejects(commitFailure(Promise.reject(refused), stepsEndingWith(undefined)), refused);
});

for (const tag of [undefined, 'COMMIT']) {
  test(`a connection lost in front of ReadyForQuery, COMMIT answered with ${tag}, leaves the outcome unknown`, async () => {
    await assert.rejects(commitFailure(Promise.reject(lost('maybe')), stepsEndingWith(tag)), {
      code: 'PG_COMMIT_OUTCOME_UNKNOWN',
    });
  });
}

test('rows that cannot be read leave no doubt about a COMMIT that was answered', async () => {
  const unreadable = new ValueError('column "a"', {code: 'PG_VALUE_MALFORMED', sent: 'maybe'});
  await assert.rejects(
    commitFailure(Promise.reject(unreadable), stepsEndingWith('COMMIT')),
    unreadable,
  );
});
