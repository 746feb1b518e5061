/** When a session learns where its writes have led to, and what its reads must see until then. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {ConnectionError, sql} from '@databases/pg';
import type {ResultRow} from '@databases/pg';
import {EventHub} from '../api/cluster-events';
import {SessionScope} from '../consistency/scope';
import {decodeToken} from '../consistency/token';
import {ClusterState} from '../topology/cluster-state';
import {ClusterNode} from '../topology/node';
import {Sessions} from './sessions';

const WRITE = sql`INSERT INTO notes VALUES (1)`;

interface Answer {
  readonly position: string;
  readonly timeline: number;
}

/** A node whose questions wait until the test answers them, and whose writes succeed at once. */
class Scripted {
  readonly node: ClusterNode;
  readonly questions: ((answer: Answer | Error) => void)[] = [];
  /** Of the writes, those that went out with a question. */
  along = 0;
  alone = 0;

  constructor(name: string) {
    // A pool connects with its first query, so never here.
    const pool = createConnectionPool('postgres://user@localhost/database');
    const query = (asked: unknown): Promise<ResultRow[]> => {
      if (asked !== WRITE) return this.#asked();
      this.alone++;
      return Promise.resolve([]);
    };
    const pipeline = () => {
      this.along++;
      const rows = [{lsn: '0/64', timeline: '1'}];
      return Promise.resolve([
        {status: 'fulfilled', value: []},
        {status: 'fulfilled', value: rows},
      ]);
    };
    Object.defineProperties(pool, {query: {value: query}, pipeline: {value: pipeline}});
    this.node = new ClusterNode(name, pool);
  }

  #asked(): Promise<ResultRow[]> {
    return new Promise((resolve, reject) => {
      this.questions.push((answer) => {
        if (answer instanceof Error) reject(answer);
        else resolve([{lsn: answer.position, timeline: String(answer.timeline)}]);
      });
    });
  }

  answer(answer: Answer | Error): void {
    for (const each of this.questions.splice(0)) each(answer);
  }
}

function setUp() {
  const first = new Scripted('first');
  const second = new Scripted('second');
  const events = new EventHub();
  const lost: string[] = [];
  events.on('tokenLost', ({token}) => void lost.push(token));
  const settings = {maxLagMilliseconds: 1000, probeMilliseconds: 250, now: () => 0};
  const state = new ClusterState([first.node, second.node], settings, events, false);
  const tell = ({node}: Scripted, timeline: number, inRecovery: boolean) => {
    const facts = {systemId: '7', timeline, inRecovery, lsn: 1n, flushesFirst: true};
    state.answered(node, {...facts, catalogueCount: undefined}, 0);
  };
  tell(first, 1, false);
  tell(second, 1, true);
  const sessions = new Sessions(state, 'session', events);
  return {first, second, lost, state, sessions, tell};
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

void test('sessions that need to know in the same turn share one question', async () => {
  const {first, sessions} = setUp();
  const scopes = Array.from({length: 20}, () => new SessionScope());
  for (const scope of scopes) sessions.wrote(scope, first.node);
  const demands = scopes.map((scope) => sessions.demandOnceAsked(scope, first.node));
  assert.deepEqual(new Set(scopes.map((scope) => sessions.demandOf(scope))), new Set(['unasked']));
  await turn();
  assert.equal(first.questions.length, 1);
  first.answer({position: '0/A', timeline: 1});
  for (const demand of await Promise.all(demands)) {
    assert.deepEqual(demand, {systemId: '7', timeline: 1, lsn: 10n});
  }
});

void test('what was acknowledged after the question was sent is not covered by its answer', async () => {
  const {first, sessions} = setUp();
  const [early, late] = [new SessionScope(), new SessionScope()];
  sessions.wrote(early, first.node);
  const one = sessions.demandOnceAsked(early, first.node);
  await turn();
  sessions.wrote(late, first.node);
  const other = sessions.demandOnceAsked(late, first.node);
  await turn();
  const [answerEarly, answerLate] = first.questions;
  assert.ok(answerEarly && answerLate);
  answerEarly({position: '0/A', timeline: 1});
  assert.equal((await one) === 'primary', false);
  assert.equal(sessions.demandOf(late), 'unasked');
  answerLate({position: '0/B', timeline: 1});
  assert.deepEqual(await other, {systemId: '7', timeline: 1, lsn: 11n});
});

void test('a read does not wait for what its session goes on to write', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  const demand = sessions.demandOnceAsked(scope, first.node);
  await turn();
  sessions.wrote(scope, first.node);
  first.answer({position: '0/A', timeline: 1});
  assert.deepEqual(await demand, {systemId: '7', timeline: 1, lsn: 10n});
  assert.equal(sessions.demandOf(scope), 'unasked');
});

void test('a probe that was sent after the write answers the question', () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  const {coverage} = first.node;
  const before = coverage.acknowledged;
  sessions.wrote(scope, first.node);
  coverage.cover(before, 1, 9n);
  assert.equal(sessions.demandOf(scope), 'unasked');
  coverage.cover(coverage.acknowledged, 1, 10n);
  assert.deepEqual(sessions.demandOf(scope), {systemId: '7', timeline: 1, lsn: 10n});
});

void test('of a primary that was replaced before it was asked, reads go to the new one, and it is told once', async () => {
  const {first, second, lost, sessions, tell} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  tell(second, 2, false);
  assert.equal(await sessions.demandOnceAsked(scope, second.node), 'primary');
  assert.equal(sessions.demandOf(scope), 'primary');
  assert.equal(second.questions.length, 0);
  assert.deepEqual(
    lost.map((token) => decodeToken(token).timeline),
    [1],
  );
});

void test('of a primary that another one stands for on the same timeline, reads go to that one', async () => {
  const {first, second, sessions, tell} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  tell(first, 1, true);
  tell(second, 1, false);
  assert.equal(sessions.demandOf(scope), 'primary');
});

void test('all that ask where the primary is now, in one turn, share a question; in the next there is another', async () => {
  const {first, sessions} = setUp();
  const asked = [1, 2, 3].map(() => sessions.ask(new SessionScope(), first.node));
  await turn();
  assert.equal(first.questions.length, 1);
  asked.push(sessions.ask(new SessionScope(), first.node));
  await turn();
  assert.equal(first.questions.length, 2);
  first.answer({position: '0/A', timeline: 1});
  await Promise.all(asked);
});

void test('an answer of the same server on a later timeline says nothing of what was written before', async () => {
  const {first, lost, sessions} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  const demand = sessions.demandOnceAsked(scope, first.node);
  await turn();
  first.answer({position: 'F/0', timeline: 2});
  assert.equal(await demand, 'primary');
  assert.equal(sessions.demandOf(scope), 'primary');
  assert.equal(lost.length, 1);
});

void test('where the question is refused, reads go to the primary', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  const demand = sessions.demandOnceAsked(scope, first.node);
  await turn();
  first.answer(new Error('recovery is in progress'));
  assert.equal(await demand, 'primary');
});

void test('a question that failed is asked again', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  const failing = sessions.demandOnceAsked(scope, first.node);
  await turn();
  first.answer(new ConnectionError('lost', {code: 'PG_CONNECTION_LOST', sent: 'maybe'}));
  await assert.rejects(failing, /lost/);
  const demand = sessions.demandOnceAsked(scope, first.node);
  await turn();
  first.answer({position: '0/A', timeline: 1});
  assert.deepEqual(await demand, {systemId: '7', timeline: 1, lsn: 10n});
});

void test('a read that begins again takes what a probe has told meanwhile', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  sessions.wrote(scope, first.node);
  const {coverage} = first.node;
  coverage.cover(coverage.acknowledged, 1, 10n);
  const demand = await sessions.demandOnceAsked(scope, first.node);
  assert.deepEqual(demand, {systemId: '7', timeline: 1, lsn: 10n});
  assert.equal(first.questions.length, 0);
});

void test('a question from before a write that was given up does not cover it', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  const asked = sessions.ask(scope, first.node);
  await turn();
  sessions.failed(scope, first.node, new Error('given up'));
  first.answer({position: '0/A', timeline: 1});
  await asked;
  assert.equal(sessions.demandOf(scope), 'primary');
});

void test('writes ask along while reads follow them, and no more when none does', async () => {
  const {first, sessions} = setUp();
  const scope = new SessionScope();
  const write = () => sessions.write(scope, first.node, WRITE, undefined);
  for (let index = 0; index < 200; index++) {
    await write();
    assert.notEqual(sessions.demandOf(scope), 'unasked');
  }
  assert.deepEqual([first.along, first.alone], [200, 0]);
  for (let index = 0; index < 200; index++) await write();
  assert.ok(first.along <= 220, `${first.along}`);
  // A read that had to wait for the answer brings them back.
  const demand = sessions.demandOnceAsked(scope, first.node);
  await turn();
  first.answer({position: '0/C8', timeline: 1});
  await demand;
  const before = first.along;
  await write();
  assert.equal(first.along, before + 1);
});
