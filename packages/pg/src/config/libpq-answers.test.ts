/**
 * libpq 18 is the oracle: libpq-answers.json holds how it reads each string (tools/record-libpq-answers.py asks it).
 * Where we differ, the reason stands here, and the test fails when the difference is no longer there.
 */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {suite, test} from 'node:test';
import {ConfigurationError} from '../errors';
import {readConnectionString} from './connection-string';

type Answer = Readonly<Record<string, string>> | null;

const twice = 'a parameter that is given twice is a mistake; libpq silently takes the last';
const rawSpace = 'libpq drops raw spaces at the ends; in a password that would change it silently';
const port = 'libpq finds the bad port out when it connects; it is most often a misread password';
const foreign = 'what other clients put into these strings is understood';
const exceptions: Readonly<Record<string, string>> = {
  'postgres://u:p@ss@h/db': 'the last @ ends the password: libpq would look up the host "ss@h"',
  'postgres://u:p@@h/db': 'the last @ ends the password: libpq would use an abstract socket "@h"',
  'postgres://u:p/ss@h/db': port,
  'postgres://u:p@s/s@h/db': 'libpq would send the password "p" to the host "s"',
  'postgres://u: pss@h/db': rawSpace,
  'postgres://h/ db': rawSpace,
  'postgres://h:1/d@b': 'libpq reads a database "d@b"; it may as well be a password with a "/"',
  'postgres://h/db\n': 'libpq asks for a database whose name ends with a line break',
  'postgres://h/db?host=a&host=b': twice,
  'host=a host=b': twice,
  'postgres://h:abc/db': port,
  'postgres://h:99999/db': port,
  'postgres://h:0/db': port,
  'postgres://u:p': port,
  'postgres://h?ssl=false': foreign,
  'postgres://h?ssl=1': foreign,
  'postgres://h?schema=public': foreign,
  'postgres://h?pgbouncer=true&connection_limit=1': foreign,
  'sslmode=require ssl=true': foreign,
  'dbname= user=b': 'libpq asks for a database named "user=b"',
};

const recorded = readRecorded();

suite('connection strings read as by libpq', () => {
  for (const [text, answer] of Object.entries(recorded)) {
    const reason = exceptions[text];
    test(`${JSON.stringify(text)}${reason === undefined ? '' : `, except: ${reason}`}`, () => {
      const ours = read(text);
      if (reason === undefined) assert.deepEqual(ours, answer);
      else assert.notDeepEqual(ours, answer, 'this exception is no longer needed');
    });
  }
});

test('every exception is one of the recorded strings', () => {
  for (const text of Object.keys(exceptions)) assert.ok(Object.hasOwn(recorded, text), text);
});

function read(text: string): Answer {
  try {
    const {settings} = readConnectionString(text, {kind: 'connectionString', name: 'test'});
    return Object.fromEntries([...settings].map(([keyword, {value}]) => [keyword, value]));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return null;
  }
}

function readRecorded(): Record<string, Answer> {
  // The compiler does not copy JSON beside the compiled test.
  const path = join(__dirname, '../../src/config/libpq-answers.json');
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(typeof parsed === 'object' && parsed !== null && 'answers' in parsed);
  const {answers} = parsed;
  assert.ok(typeof answers === 'object' && answers !== null);
  return Object.fromEntries(
    Object.entries(answers).map(([text, answer]: [string, unknown]) => [text, checkAnswer(answer)]),
  );
}

function checkAnswer(answer: unknown): Answer {
  if (answer === null) return null;
  assert.ok(typeof answer === 'object');
  return Object.fromEntries(
    Object.entries(answer).map(([keyword, value]: [string, unknown]) => [keyword, String(value)]),
  );
}
