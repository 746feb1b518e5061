/** Programs written for the original behave the same, unless a difference was decided (docs/design). */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import createConnectionPool from '@databases/pg';
import {useServer} from './support/server';

/** What we answer instead, and why. */
const DIFFERENCES: Readonly<Record<string, {readonly answer: RegExp; readonly reason: string}>> = {
  notSql: {
    answer: /^throws UsageError PG_NOT_A_QUERY: /,
    reason: 'the message says what was given',
  },
  notSqlArr: {answer: /^throws UsageError PG_NOT_A_QUERY: element 1 /, reason: 'and where'},
  undef: {
    answer: /^throws ValueError PG_PARAMETER_INVALID: /,
    reason: 'undefined is a mistake, not NULL',
  },
  isSqlErr: {answer: /^\[true, true, "error", false, false\]$/, reason: 'null is not an SQL error'},
  badType: {
    answer: /^throws UsageError PG_INVALID_ARGUMENT: .*"nope_type"/,
    reason: 'it has a code',
  },
  bigints: {answer: /^\[\{a: 5, b: \[5\], c: 3\}\]$/, reason: 'int8[] follows bigIntMode'},
  after: {answer: /^throws UsageError PG_USED_AFTER_END: /, reason: 'the message says what to do'},
  afterTask: {
    answer: /^throws UsageError PG_USED_AFTER_END: /,
    reason: 'the message says what to do',
  },
  schemaOpt: {
    answer: /^\[\[\{search_path: "\\"public\\", \\"A b\\""\}\]/,
    reason: 'all names are quoted',
  },
  outer: {answer: /^"ERR "$/, reason: 'a call that would wait for itself fails at once'},
};

const postgres = useServer();
const folder = join(__dirname, '..', 'conformance');

test('programs written for the original give what they gave, or what was decided instead', async () => {
  const programs: unknown = await import(pathToFileURL(join(folder, 'programs.mjs')).href);
  assert.ok(hasAnswers(programs));
  const recorded: unknown = JSON.parse(readFileSync(join(folder, 'original-answers.json'), 'utf8'));
  assert.ok(isRecording(recorded));
  const ours = await programs.answers(createConnectionPool, postgres.url);
  assert.deepEqual(Object.keys(ours), Object.keys(recorded.answers));
  for (const [name, answer] of Object.entries(ours)) {
    const difference = DIFFERENCES[name];
    if (difference === undefined) {
      assert.equal(answer, recorded.answers[name], `program ${name}`);
    } else {
      assert.notEqual(answer, recorded.answers[name], `program ${name} differs no longer`);
      assert.match(answer, difference.answer, `program ${name}: ${difference.reason}`);
    }
  }
});

interface Programs {
  answers(pg: unknown, url: string): Promise<Record<string, string>>;
}

function hasAnswers(module: unknown): module is Programs {
  return typeof module === 'object' && module !== null && 'answers' in module;
}

function isRecording(value: unknown): value is {readonly answers: Record<string, string>} {
  return typeof value === 'object' && value !== null && 'answers' in value;
}
