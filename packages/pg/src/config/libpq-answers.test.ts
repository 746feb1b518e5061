/**
 * libpq 18 is the oracle: libpq-answers.json holds how it reads each string (tools/record-libpq-answers.py asks it).
 * Where we differ, intended-differences says why. For machines without libpq: libpq-differential.test.ts asks it.
 */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {suite, test} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import {explain} from './intended-differences.test.fixture';
import {askOurs, readAnswer} from './libpq-oracle.test.fixture';
import type {Answer} from './libpq-oracle.test.fixture';

const recorded = readRecorded();

suite('connection strings read as by libpq', () => {
  for (const [text, answer] of Object.entries(recorded)) {
    const ours = askOurs(text);
    const reason = isDeepStrictEqual(ours, answer) ? undefined : explain(text, answer, ours);
    test(`${JSON.stringify(text)}${reason === undefined ? '' : `, except: ${reason}`}`, () => {
      if (reason === undefined) assert.deepEqual(ours, answer);
    });
  }
});

function readRecorded(): Record<string, Answer> {
  // The compiler does not copy JSON beside the compiled test.
  const path = join(__dirname, '../../src/config/libpq-answers.json');
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(typeof parsed === 'object' && parsed !== null && 'answers' in parsed);
  const {answers} = parsed;
  assert.ok(typeof answers === 'object' && answers !== null);
  return Object.fromEntries(
    Object.entries(answers).map(([text, answer]: [string, unknown]) => [text, readAnswer(answer)]),
  );
}
